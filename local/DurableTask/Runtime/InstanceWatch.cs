namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>Wakes those who wait for an instance to change.</summary>
internal sealed class InstanceWatch
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Waiters> changes = new(StringComparer.Ordinal);
    private bool stopped;

    /// <summary>How many instances are waited for.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return changes.Count;
        }
    }

    /// <summary>Begin it before reading the instance: its task completes with the first change after this call.</summary>
    /// <returns>To be disposed by the one who no longer waits.</returns>
    public Wait Begin(string instanceId)
    {
        lock (gate)
        {
            if (stopped)
                throw Stopped();
            if (!changes.TryGetValue(instanceId, out var waiters))
                changes[instanceId] = waiters = new Waiters();
            waiters.Count++;
            return new Wait(this, instanceId, waiters);
        }
    }

    public void Changed(string instanceId)
    {
        Waiters? waiters;
        lock (gate)
            changes.Remove(instanceId, out waiters);
        waiters?.Change.SetResult();
    }

    /// <summary>The engine has stopped: who waits for a change here would wait for ever.</summary>
    public void Stop()
    {
        List<Waiters> waiting;
        lock (gate)
        {
            stopped = true;
            waiting = [.. changes.Values];
            changes.Clear();
        }
        waiting.ForEach(waiters => waiters.Change.SetException(Stopped()));
    }

    private static ObjectDisposedException Stopped() => new(nameof(DurableEngine), "The engine has stopped.");

    private void End(string instanceId, Waiters waiters)
    {
        lock (gate)
        {
            if (--waiters.Count == 0)
                ((ICollection<KeyValuePair<string, Waiters>>)changes).Remove(KeyValuePair.Create(instanceId, waiters));
        }
    }

    /// <summary>One who waits.</summary>
    public readonly struct Wait(InstanceWatch watch, string instanceId, Waiters waiters) : IDisposable
    {
        public Task Change => waiters.Change.Task;

        public void Dispose() => watch.End(instanceId, waiters);
    }

    /// <summary>Those who wait for the same change.</summary>
    public sealed class Waiters
    {
        public TaskCompletionSource Change { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Count { get; set; }
    }
}
