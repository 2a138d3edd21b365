namespace Microsoft.DurableTask;

/// <summary>One step with effects. It may run more than once for one call.</summary>
public interface ITaskActivity
{
    Type InputType { get; }

    Type OutputType { get; }

    Task<object?> RunAsync(TaskActivityContext context, object? input);
}

/// <inheritdoc cref="ITaskActivity"/>
public abstract class TaskActivity<TInput, TOutput> : ITaskActivity
{
    Type ITaskActivity.InputType => typeof(TInput);

    Type ITaskActivity.OutputType => typeof(TOutput);

    async Task<object?> ITaskActivity.RunAsync(TaskActivityContext context, object? input) =>
        await RunAsync(context, TypedInput.Of<TInput>(input));

    public abstract Task<TOutput> RunAsync(TaskActivityContext context, TInput input);
}
