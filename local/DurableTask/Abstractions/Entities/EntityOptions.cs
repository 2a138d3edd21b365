namespace Microsoft.DurableTask.Entities;

public record CallEntityOptions;

public record SignalEntityOptions
{
    public DateTimeOffset? SignalTime { get; init; }

#pragma warning disable CA2225 // No named alternates in the real API.
    public static implicit operator SignalEntityOptions?(bool? value) => value == true ? new SignalEntityOptions() : null;

    public static implicit operator SignalEntityOptions(DateTimeOffset value) => new() { SignalTime = value };
#pragma warning restore CA2225
}

#pragma warning disable CA1032 // The constructor of the real API.
public sealed class EntityOperationFailedException(EntityInstanceId entityId, string operationName, TaskFailureDetails failureDetails)
    : Exception($"Operation '{operationName}' of entity '{entityId}' failed: {failureDetails?.ErrorMessage}")
{
    public EntityInstanceId EntityId { get; } = entityId;

    public string OperationName { get; } = operationName;

    public TaskFailureDetails FailureDetails { get; } = failureDetails!;
}
#pragma warning restore CA1032
