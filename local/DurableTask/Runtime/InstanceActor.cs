using Orchestrator.Local.DurableTask.Storage;

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

    public long Key => key;

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
        if (gone || (state is { HasEnded: true } && taken.Exists(BringsBack)))
            state = null;
        state ??= gone ? null : InstanceState.Load(key, engine);
        if (state is null || state.HasEnded)
        {
            await DiscardAsync(taken);
            return;
        }
        if (state.MustCountDelivery)
            await CountedTurnAsync(state, taken);
        else
            await TurnAsync(state, state.Gather(taken));
    }

    /// <summary>A failed instance that was rewound is no longer as memory has it.</summary>
    private static bool BringsBack(InboxMessage? message) => message?.Event.Kind is EventKind.ExecutionRewound or EventKind.ExecutionStarted;

    private async Task CountedTurnAsync(InstanceState instance, List<InboxMessage?> taken)
    {
        using var place = await engine.Suspects.EnterTurnAsync(instance.Deliveries);
        await TurnAsync(instance, await instance.CountDeliveryAsync(instance.Gather(taken)));
    }

    private async Task TurnAsync(InstanceState instance, List<InboxMessage> messages)
    {
        Turn? turn;
        await instance.AskFilterAsync();
        await directory.Turns.WaitAsync();
        try
        {
            turn = instance.Run(messages);
        }
        finally
        {
            directory.Turns.Release();
        }
        if (turn is not null)
            instance.Accept(turn, await engine.Commits.WriteAsync(writer => writer.Write(turn), effects => Committed(turn, effects)));
    }

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
        engine.Meters.Ended(turn.Instance.Status);
        engine.Log.InstanceEnded(turn.Instance.InstanceId, turn.Instance.Name, turn.Instance.Status.ToString());
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
