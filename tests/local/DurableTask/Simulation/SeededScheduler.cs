using Orchestrator.Local.DurableTask.Runtime;

namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>
/// Runs everything on the thread that asks for it, one work item at a time: the seed picks the next of those that are
/// ready, and how many of the waiting writes share a transaction. The same seed makes the same run.
/// </summary>
internal sealed class SeededScheduler(int seed) : TaskScheduler
{
    private readonly List<Task> ready = [];
    private readonly int thread = Environment.CurrentManagedThreadId;

    /// <summary>The only source of chance in a run.</summary>
    public Random Random { get; } = new(seed);

    public EngineScheduling Engine => field ??= new SeededScheduling(this);

    public bool IsIdle => ready.Count == 0;

    public int Steps { get; private set; }

    /// <summary>Of every choice that was made: equal for equal runs.</summary>
    public HashCode64 Trace { get; } = new();

    public Task Start(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    /// <summary>Runs work that needs no clock, in the order of the seed, to its end.</summary>
    public static void Run(int seed, Func<SeededScheduler, Task> work)
    {
        var scheduler = new SeededScheduler(seed);
        var run = scheduler.Start(() => work(scheduler));
        while (!run.IsCompleted)
        {
            if (scheduler.IsIdle)
                throw new TimeoutException($"Nothing happens any more with seed {seed}.");
            scheduler.RunOne();
        }
        run.GetAwaiter().GetResult();
    }

    public void RunOne()
    {
        var synchronization = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var index = Random.Next(ready.Count);
            Trace.Add(ready.Count, index);
            var next = ready[index];
            ready.RemoveAt(index);
            Steps++;
            TryExecuteTask(next);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(synchronization);
        }
    }

    protected override void QueueTask(Task task)
    {
        if (Environment.CurrentManagedThreadId != thread)
            Environment.FailFast("Something of the simulated engine ran on another thread: no seed could repeat that.");
        ready.Add(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => ready;

    private sealed class SeededScheduling(SeededScheduler scheduler) : EngineScheduling
    {
        public override bool CommitsHaveTheirThread => false;

        public override void Start<T>(Action<T> work, T state) =>
            _ = Task.Factory.StartNew(() => work(state), CancellationToken.None, TaskCreationOptions.None, scheduler);

        public override int GroupSize(int waiting) => scheduler.Random.Next(waiting) + 1;
    }
}
