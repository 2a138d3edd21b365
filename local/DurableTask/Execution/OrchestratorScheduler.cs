namespace Orchestrator.Local.DurableTask.Execution;

/// <summary>
/// Runs an orchestrator's code on the calling thread, one continuation after the other, until none is left. Whatever
/// tries to come in from another thread is not run: it could not be replayed.
/// </summary>
internal sealed class OrchestratorScheduler : TaskScheduler
{
    private readonly Queue<Task> ready = new();
    private readonly OrchestratorSynchronizationContext synchronization;
    private readonly string rule;
    private readonly Action<string> trespassed;
    private volatile int thread;

    /// <param name="rule">What to say to one who breaks it.</param>
    /// <param name="trespassed">Called, on the other thread, when one tries to continue the orchestrator.</param>
    public OrchestratorScheduler(string rule, Action<string> trespassed)
    {
        this.rule = rule;
        this.trespassed = trespassed;
        synchronization = new OrchestratorSynchronizationContext(this);
    }

    public bool IsCurrentThread => thread == Environment.CurrentManagedThreadId;

    /// <summary>Runs the action and everything that it makes ready.</summary>
    public void Run(Action action)
    {
        var outer = SynchronizationContext.Current;
        thread = Environment.CurrentManagedThreadId;
        SynchronizationContext.SetSynchronizationContext(synchronization);
        try
        {
            var first = new Task(action);
            first.RunSynchronously(this);
            first.GetAwaiter().GetResult();
            while (ready.TryDequeue(out var next))
                TryExecuteTask(next);
        }
        finally
        {
            thread = 0;
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <returns>The rule that was broken.</returns>
    public string Trespass()
    {
        trespassed(rule);
        return rule;
    }

    protected override void QueueTask(Task task)
    {
        if (IsCurrentThread)
            ready.Enqueue(task);
        else
            Trespass();
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        IsCurrentThread && !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private sealed class OrchestratorSynchronizationContext(OrchestratorScheduler scheduler) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            if (scheduler.IsCurrentThread)
                new Task(() => d(state)).Start(scheduler);
            else
                scheduler.Trespass();
        }

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("An orchestrator has one thread only.");

        public override SynchronizationContext CreateCopy() => this;
    }
}
