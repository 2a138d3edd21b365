namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>Counts what is going on, for those who wait until nothing is.</summary>
internal sealed class IdleTracker
{
    private readonly Lock gate = new();
    private TaskCompletionSource? idle;
    private int busy;

    public void Enter()
    {
        lock (gate)
            busy++;
    }

    public void Leave()
    {
        TaskCompletionSource? reached;
        lock (gate)
        {
            if (--busy > 0)
                return;
            reached = idle;
            idle = null;
        }
        reached?.SetResult();
    }

    public Task WhenIdleAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            if (busy == 0)
                return Task.CompletedTask;
            idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return idle.Task.WaitAsync(cancellation);
        }
    }
}
