using Orchestrator.Local.DurableTask.Storage;
using Orchestrator.Local.DurableTask.Telemetry;

namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>
/// One instance in memory. It takes its mail in turns, one at a time; the next begins when the last is on disk, and
/// takes everything that has come until then.
/// </summary>
internal sealed class InstanceActor(long key, EngineParts engine, InstanceDirectory directory)
{
    private readonly Lock gate = new();
    private List<InboxMessage?> mail = [];
    private bool scheduled;
    private volatile bool gone;
    private InstanceState? state;
    private bool deliveryCounted;
    private bool deliveryEnded;

    public long Key => key;

    /// <summary>The process before this one may have ended in a turn of this instance.</summary>
    private bool MustCountDelivery => engine.RecoversFromCrash && !deliveryEnded && key <= engine.LastKeyAtStart;

    /// <summary>Where it stands among those who rest; guarded by the directory.</summary>
    public LinkedListNode<InstanceActor>? IdlePlace { get; set; }

    /// <returns>True when the actor rested and is to be run.</returns>
    public bool Add(InboxMessage? message)
    {
        lock (gate)
        {
            mail.Add(message);
            var rested = !scheduled;
            scheduled = true;
            return rested;
        }
    }

    /// <returns>False when there is mail.</returns>
    public bool TryRest()
    {
        lock (gate)
        {
            scheduled = mail.Count > 0;
            return !scheduled;
        }
    }

    /// <summary>Its row was removed: it was replaced or purged.</summary>
    public void MarkGone() => gone = true;

    public async Task RunAsync()
    {
        do
        {
            while (Take() is { Count: > 0 } taken)
                await HandleAsync(taken);
        }
        while (!directory.TryRest(this, keep: state is { HasEnded: false }));
    }

    private List<InboxMessage?> Take()
    {
        lock (gate)
        {
            var taken = mail;
            mail = [];
            return taken;
        }
    }

    private async Task HandleAsync(List<InboxMessage?> taken)
    {
        try
        {
            await TurnAsync(taken);
        }
        catch (Exception cause)
        {
            // What is in memory may be ahead of the disk: begin again from there.
            state = null;
            if (engine.IsStopping || engine.Commits.IsClosed)
                return;
            engine.Log.TurnNotCommitted(key, cause);
            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(1), engine.Time), engine.Stopping.Task);
            if (engine.IsStopping)
                return;
            lock (gate)
                mail.InsertRange(0, taken);
        }
    }

    private async Task TurnAsync(List<InboxMessage?> taken)
    {
        // Before anything is loaded: who waits for a place, or for this commit, has nothing in memory but what was delivered.
        using var suspected = MustCountDelivery ? await CountDeliveryAsync(taken) : null;
        if (engine.Options.AcceptsAsync is not null && await directory.InTurnAsync(() => Load(taken)) is { } asked)
            await asked.AskFilterAsync();
        Turn? turn = null;
        var instance = await directory.InTurnAsync(() =>
        {
            var loaded = Load(taken);
            turn = loaded?.Run(loaded.Gather(taken));
            return loaded;
        });
        if (instance is null)
            await DiscardAsync(taken);
        else if (turn is not null)
            instance.Accept(turn, await engine.Commits.WriteAsync(writer => writer.Write(turn), effects => Committed(turn, effects)));
        deliveryEnded = true;
    }

    /// <returns>Null when there is no such instance any more, or it has ended.</returns>
    private InstanceState? Load(List<InboxMessage?> taken)
    {
        if (gone || (state is { HasEnded: true } && taken.Exists(BringsBack)))
            state = null;
        state ??= gone ? null : InstanceState.Load(key, engine);
        return state is { HasEnded: false } ? state : null;
    }

    /// <summary>A failed instance that was rewound is no longer as memory has it.</summary>
    private static bool BringsBack(InboxMessage? message) => message?.Event.Kind is EventKind.ExecutionRewound or EventKind.ExecutionStarted;

    /// <summary>
    /// Puts on disk that a turn begins, and what it begins with, so that it can be told from the activity that led to it. Once,
    /// however often the turn is tried: that the store does not take it says nothing against the orchestrator.
    /// </summary>
    /// <returns>The place of one that is suspect; null for the others.</returns>
    private async Task<IDisposable?> CountDeliveryAsync(List<InboxMessage?> taken)
    {
        if (gone || engine.Database.Read(sql => sql.GetInstance(key)) is not { HasEnded: false } row)
            return null;
        var place = await engine.Suspects.EnterTurnAsync(deliveryCounted ? row.Deliveries - 1 : row.Deliveries);
        try
        {
            if (!deliveryCounted)
                await WriteDeliveryAsync(taken);
            return place;
        }
        catch
        {
            place?.Dispose();
            throw;
        }
    }

    private async Task WriteDeliveryAsync(List<InboxMessage?> taken)
    {
        var stored = await engine.Commits.WriteAsync(writer => writer.CountDelivery(key) ? taken.ConvertAll(message => Stored(writer, message)) : taken);
        deliveryCounted = true;
        for (var i = 0; i < taken.Count; i++)
            taken[i] = stored[i];
    }

    private InboxMessage? Stored(StateWriter writer, InboxMessage? message) =>
        message is { Sequence: 0, Event.Kind: not EventKind.Trespassed } ? writer.Keep(key, message) : message;

    private void Committed(Turn turn, TurnEffects effects)
    {
        foreach (var timer in turn.ClosedTimers)
            engine.Timers.Remove(new DueItem(key, turn.Execution, timer));
        if (turn.Instance.HasEnded)
        {
            engine.Activities.CancelAll(key);
            engine.Timers.Remove(new DueItem(key, 0, -1));
        }
        engine.Dispatch(effects);
        engine.Watch.Changed(turn.Instance.InstanceId);
        if (!turn.Instance.HasEnded)
            return;
        Listeners.Tell(() => engine.Meters.Ended(turn.Instance.Status));
        Listeners.Tell(() => engine.Log.InstanceEnded(turn.Instance.InstanceId, turn.Instance.Name, turn.Instance.Status.ToString()));
    }

    /// <summary>Removes what came for nobody.</summary>
    private async Task DiscardAsync(List<InboxMessage?> taken)
    {
        if (!taken.Exists(message => message is { Sequence: not 0 } or { EndsActivity: true }))
            return;
        await engine.Commits.WriteAsync(writer =>
        {
            foreach (var message in taken.OfType<InboxMessage>())
                writer.Remove(key, message);
            return true;
        });
    }
}
