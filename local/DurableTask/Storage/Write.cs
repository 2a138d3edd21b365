namespace Orchestrator.Local.DurableTask.Storage;

/// <summary>What waits for the next transaction.</summary>
internal interface IWrite
{
    void Apply(StateWriter writer);

    /// <summary>It is on disk: sets going what it has made.</summary>
    void Committed();

    /// <summary>Lets the one who handed it in go on.</summary>
    void Complete();

    void Fail(Exception cause);
}

/// <inheritdoc cref="IWrite"/>
internal sealed class Write<T>(Func<StateWriter, T> write, Action<T>? committed) : IWrite
{
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T result = default!;

    public Task<T> Task => done.Task;

    public void Apply(StateWriter writer) => result = write(writer);

    public void Committed() => committed?.Invoke(result);

    public void Complete() => done.SetResult(result);

    public void Fail(Exception cause) => done.TrySetException(cause);
}
