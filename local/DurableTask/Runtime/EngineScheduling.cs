namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>
/// Where the engine's work runs: on the thread pool, with a thread of its own for the commits. A test may put all of it on
/// one scheduler of its choosing; whatever the engine awaits then continues there too.
/// </summary>
internal class EngineScheduling
{
    public static EngineScheduling Default { get; } = new();

    /// <summary>False: the commits are work items like any other.</summary>
    public virtual bool CommitsHaveTheirThread => true;

    public virtual void Start<T>(Action<T> work, T state) => ThreadPool.UnsafeQueueUserWorkItem(work, state, preferLocal: false);

    /// <summary>How many of the writes that wait go into the next transaction; at least one.</summary>
    public virtual int GroupSize(int waiting) => Math.Min(waiting, 1024);
}
