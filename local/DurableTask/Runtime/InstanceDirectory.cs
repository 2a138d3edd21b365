using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>The instances that are in memory, and the way for messages to them.</summary>
internal sealed class InstanceDirectory(EngineParts engine) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, InstanceActor> actors = [];
    private readonly LinkedList<InstanceActor> idle = [];
    private readonly SemaphoreSlim turns = new(engine.Options.MaxConcurrentOrchestrations);
    private readonly IdleTracker running = new();
    private bool stopped;

    public int RunningTurns => engine.Options.MaxConcurrentOrchestrations - turns.CurrentCount;

    /// <summary>In memory, at work or at rest.</summary>
    public int Cached
    {
        get
        {
            lock (gate)
                return actors.Count;
        }
    }

    /// <summary>Bounds how many instances are loaded and run at once; waiting for a commit does not count.</summary>
    public async Task<T> InTurnAsync<T>(Func<T> work)
    {
        await turns.WaitAsync();
        try
        {
            return work();
        }
        finally
        {
            turns.Release();
        }
    }

    /// <param name="message">Null: have a look at the inbox.</param>
    public void Deliver(long key, InboxMessage? message)
    {
        InstanceActor? actor;
        lock (gate)
        {
            if (stopped)
                return;
            if (!actors.TryGetValue(key, out actor))
                actors[key] = actor = new InstanceActor(key, engine, this);
            if (!actor.Add(message))
                return;
            if (actor.IdlePlace is { } place)
            {
                idle.Remove(place);
                actor.IdlePlace = null;
            }
            engine.Idle.Enter();
            running.Enter();
        }
        engine.Options.Scheduling.Start(static ready => _ = ready.RunAsync(), actor);
    }

    /// <summary>Called by an actor that finds no more mail: it stays in memory as long as there is room.</summary>
    /// <returns>False when mail has come in the meantime.</returns>
    public bool TryRest(InstanceActor actor, bool keep)
    {
        lock (gate)
        {
            if (!actor.TryRest())
                return false;
            if (!keep)
            {
                actors.Remove(actor.Key);
            }
            else
            {
                actor.IdlePlace = idle.AddLast(actor);
                while (idle.Count > engine.Options.MaxCachedInstances)
                {
                    actors.Remove(idle.First!.Value.Key);
                    idle.RemoveFirst();
                }
            }
        }
        running.Leave();
        engine.Idle.Leave();
        return true;
    }

    /// <summary>Forgets an instance that is on disk no more.</summary>
    public void Drop(long key)
    {
        engine.Activities.CancelAll(key);
        engine.Timers.Remove(new DueItem(key, 0, -1));
        lock (gate)
        {
            if (actors.TryGetValue(key, out var actor))
                actor.MarkGone();
        }
    }

    /// <summary>Completes when no turn runs.</summary>
    public Task WhenQuietAsync() => running.WhenIdleAsync(CancellationToken.None);

    /// <summary>Delivers nothing more.</summary>
    public void Stop()
    {
        lock (gate)
            stopped = true;
    }

    public void Dispose() => turns.Dispose();
}
