namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>Wakes those who wait for an instance to change.</summary>
internal sealed class InstanceWatch
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, TaskCompletionSource> changes = new(StringComparer.Ordinal);
    private bool stopped;

    /// <summary>Take it before reading the instance: it completes with the first change after this call.</summary>
    public Task NextChange(string instanceId)
    {
        lock (gate)
        {
            if (stopped)
                return Task.FromException(Stopped());
            if (!changes.TryGetValue(instanceId, out var change))
                changes[instanceId] = change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return change.Task;
        }
    }

    public void Changed(string instanceId)
    {
        TaskCompletionSource? change;
        lock (gate)
            changes.Remove(instanceId, out change);
        change?.SetResult();
    }

    /// <summary>The engine has stopped: who waits for a change here would wait for ever.</summary>
    public void Stop()
    {
        List<TaskCompletionSource> waiting;
        lock (gate)
        {
            stopped = true;
            waiting = [.. changes.Values];
            changes.Clear();
        }
        waiting.ForEach(change => change.SetException(Stopped()));
    }

    private static ObjectDisposedException Stopped() => new(nameof(DurableEngine), "The engine has stopped.");
}
