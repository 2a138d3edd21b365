using System.Collections.Immutable;

namespace Microsoft.DurableTask.Client;

/// <summary>What is known of an instance at one moment.</summary>
public sealed class OrchestrationMetadata(string name, string instanceId)
{
    public string Name { get; } = name;

    public string InstanceId { get; } = instanceId;

    /// <summary>Null when inputs and outputs were not asked for.</summary>
    public DataConverter? DataConverter { get; init; }

    public OrchestrationRuntimeStatus RuntimeStatus { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastUpdatedAt { get; init; }

    public string? SerializedInput { get; init; }

    public string? SerializedOutput { get; init; }

    public string? SerializedCustomStatus { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Null too when inputs and outputs were not asked for.</summary>
    public TaskFailureDetails? FailureDetails { get; init; }

    public bool IsRunning => RuntimeStatus == OrchestrationRuntimeStatus.Running;

    public bool IsCompleted =>
        RuntimeStatus is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    /// <exception cref="InvalidOperationException">Inputs and outputs were not asked for.</exception>
    public T? ReadInputAs<T>() => Converter.Deserialize<T>(SerializedInput);

    /// <inheritdoc cref="ReadInputAs{T}"/>
    public T? ReadOutputAs<T>() => Converter.Deserialize<T>(SerializedOutput);

    /// <inheritdoc cref="ReadInputAs{T}"/>
    public T? ReadCustomStatusAs<T>() => Converter.Deserialize<T>(SerializedCustomStatus);

    public override string ToString() =>
        $"{Name} '{InstanceId}': {RuntimeStatus}, created {CreatedAt:s}, updated {LastUpdatedAt:s}" +
        Shown("input", SerializedInput) + Shown("output", SerializedOutput) + Shown("failure", FailureDetails?.ToString());

    private DataConverter Converter =>
        DataConverter ?? throw new InvalidOperationException("Ask for inputs and outputs (getInputsAndOutputs) when fetching the instance, to read them.");

    private static string Shown(string label, string? text) => text is null ? "" : $", {label} {(text.Length > 50 ? text[..50] + "..." : text)}";
}
