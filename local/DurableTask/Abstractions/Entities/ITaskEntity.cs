namespace Microsoft.DurableTask.Entities;

/// <summary>Entities are declared so that code written for them compiles; this engine does not run them.</summary>
public interface ITaskEntity
{
    ValueTask<object?> RunAsync(TaskEntityOperation operation);
}

/// <inheritdoc cref="ITaskEntity"/>
public abstract class TaskEntity<TState> : ITaskEntity
{
    protected virtual bool AllowStateDispatch => false;

    protected TState State { get; set; } = default!;

    /// <summary>Null here: nothing calls entities.</summary>
    protected TaskEntityContext Context { get; } = null!;

    /// <exception cref="NotSupportedException">Always, here.</exception>
    public ValueTask<object?> RunAsync(TaskEntityOperation operation) => throw new NotSupportedException($"{GetType()}: durable entities are not run here.");

    protected virtual TState InitializeState(TaskEntityOperation entityOperation) =>
        (TState)Activator.CreateInstance(Nullable.GetUnderlyingType(typeof(TState)) ?? typeof(TState))!;
}
