namespace Microsoft.DurableTask;

/// <summary>Code that decides. It is replayed, so that the same history must always lead to the same calls.</summary>
public interface ITaskOrchestrator
{
    Type InputType { get; }

    Type OutputType { get; }

    Task<object?> RunAsync(TaskOrchestrationContext context, object? input);
}

/// <inheritdoc cref="ITaskOrchestrator"/>
public abstract class TaskOrchestrator<TInput, TOutput> : ITaskOrchestrator
{
    Type ITaskOrchestrator.InputType => typeof(TInput);

    Type ITaskOrchestrator.OutputType => typeof(TOutput);

    async Task<object?> ITaskOrchestrator.RunAsync(TaskOrchestrationContext context, object? input) =>
        await RunAsync(context, TypedInput.Of<TInput>(input));

    public abstract Task<TOutput> RunAsync(TaskOrchestrationContext context, TInput input);
}
