namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>Wakes those who wait for an instance to change.</summary>
internal sealed class InstanceWatch
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, TaskCompletionSource> changes = new(StringComparer.Ordinal);

    /// <summary>Take it before reading the instance: it completes with the first change after this call.</summary>
    public Task NextChange(string instanceId)
    {
        lock (gate)
        {
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
}
