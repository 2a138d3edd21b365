using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Orchestrator.Local.DurableTask.Execution;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>An instance as memory has it between turns, and how a turn changes it. Only its actor touches it.</summary>
internal sealed class InstanceState
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private readonly EngineParts engine;
    private InstanceRow row;
    private int lastSequence;
    private int lastTurn;
    private DateTimeOffset lastTime;

    // Of what was read or delivered, not of what was kept here: what came before that may still be on its way.
    private long lastInbox;

    private bool inboxRead;
    private bool refused;
    private bool wasRejected;
    private List<InboxMessage> held = [];
    private List<HistoryLine>? history;
    private OrchestrationExecution? warm;

    private InstanceState(InstanceRow row, EngineParts engine)
    {
        this.row = row;
        this.engine = engine;
        (lastSequence, lastTurn, lastTime) = engine.Database.Read(sql => sql.GetHistoryEnd(row.Key));
    }

    public bool HasEnded => row.HasEnded;

    private bool HasStarted => lastTurn > 0;

    public static InstanceState? Load(long key, EngineParts engine) =>
        engine.Database.Read(sql => sql.GetInstance(key)) is { } row ? new InstanceState(row, engine) : null;

    /// <summary>
    /// What there is to handle, in order. Until the execution has started the inbox is read each time, since its order counts;
    /// but not for an event, which waits behind everything else.
    /// </summary>
    public List<InboxMessage> Gather(List<InboxMessage?> delivered)
    {
        var inMemory = delivered.OfType<InboxMessage>();
        if (inboxRead && (HasStarted || delivered.TrueForAll(message => message?.Event.Kind == EventKind.EventRaised)))
        {
            var fresh = inMemory.Where(message => message.Sequence == 0 || message.Sequence > lastInbox).ToList();
            lastInbox = Math.Max(lastInbox, fresh.Select(message => message.Sequence).DefaultIfEmpty().Max());
            return fresh;
        }
        inboxRead = true;
        held.Clear();
        var stored = engine.Database.Read(sql => sql.GetInbox(row.Key, engine.Time.GetUtcNow()));
        // It rang for the start, and the clock has gone back since: it is to ring again.
        if (stored.Count == 0 && engine.Database.Read(sql => sql.GetScheduledStart(row.Key)) is { } start)
            engine.Timers.Add(start, new DueItem(row.Key, 0, -1));
        lastInbox = stored.Select(message => message.Sequence).Append(lastInbox).Max();
        return [.. stored, .. inMemory.Where(message => message.Sequence == 0)];
    }

    /// <summary>Lets the application refuse the orchestration for now. It is asked again each second until it accepts.</summary>
    public async ValueTask AskFilterAsync()
    {
        if (engine.Options.AcceptsAsync is not { } acceptsAsync)
            return;
        var tags = row.TagsJson is null ? null : JsonSerializer.Deserialize(row.TagsJson, StoredJson.Default.IReadOnlyDictionaryStringString);
        refused = !await acceptsAsync(row.Name, tags ?? ImmutableDictionary<string, string>.Empty);
        if (refused)
            engine.Timers.Add(engine.Time.GetUtcNow() + AskAgainAfter, new DueItem(row.Key, 0, -1));
    }

    /// <returns>Null when nothing has changed.</returns>
    public Turn? Run(List<InboxMessage> messages)
    {
        var turn = new Turn { Instance = row, Execution = row.Execution, LastSequence = lastSequence };
        var mismatch = VersionCheck.Mismatch(engine.Options.Versioning, row.Version);
        var fails = engine.Options.Versioning?.FailureStrategy == DurableTaskWorkerOptions.VersionFailureStrategy.Fail;
        var isRejected = (mismatch is not null && !fails) || refused || !engine.Options.WorkItemFilters.TakesOrchestration(row.Name, row.Version);
        if (wasRejected && !isRejected)
        {
            messages = [.. held, .. messages];
            held = [];
        }
        wasRejected = isRejected;
        var work = new TurnWork(turn, messages, held, row, HasStarted, isRejected, Now(messages), lastTurn + 1);
        if (mismatch is not null && !fails)
            engine.Log.VersionRejected(row.Name, row.InstanceId, mismatch.ErrorMessage);
        if (mismatch is not null && fails)
            work.Fail(mismatch);
        else if (row.Deliveries >= engine.Options.MaxDeliveries)
            work.Fail(Undeliverable.Orchestrator(row.Name, engine.Options.MaxDeliveries));
        else if (work.Sort() && work.Events.Count > 0)
            Execute(work);
        held = work.Held;
        return work.Finish();
    }

    /// <summary>Takes over what is now on disk.</summary>
    public void Accept(Turn turn, TurnEffects effects)
    {
        warm?.Trace?.Emit(turn);
        row = turn.Instance with { Deliveries = 0 };
        lastTime = turn.Lines.Count > 0 ? turn.Lines[^1].Time : lastTime;
        lastTurn = turn.Lines.Count > 0 ? turn.Lines[^1].Turn : lastTurn;
        lastSequence += turn.Lines.Count;
        history?.AddRange(turn.Lines);
        KeepInOrder(effects.Kept);
        if (engine.Options.ReplayFromStart || row.HasEnded || warm is { AsksWhetherItReplays: true })
            warm = null;
        if (turn.Rewind is not null)
            history = null;
        if (turn.NextExecution is not null)
            Restart();
    }

    private void Restart()
    {
        warm = null;
        history = null;
        (lastSequence, lastTurn) = (0, 0);
        held.Clear();
    }

    private void Execute(TurnWork work)
    {
        var plan = work.RewindOrder is null ? null : new RewindPlan(engine.Database.Read(sql => sql.GetHistory(row.Key)), Begin);
        var execution = warm = plan?.Choose() ?? warm ?? Replayed(work);
        execution.BeginTurn(work.Now);
        work.Apply(execution);
        if (plan is not null)
            work.Rewind(execution, plan.Dropped);
        if (execution.CustomStatus is { } status)
            work.SetCustomStatus(status.Text);
        work.TakeOutcome(execution.GetOutcome());
    }

    private OrchestrationExecution Replayed(TurnWork work)
    {
        if (!HasStarted)
        {
            history = engine.Options.ReplayFromStart ? [] : null;
            return Begin(work.Events.Find(message => message.Event.Kind == EventKind.ExecutionStarted)!.Event);
        }
        var lines = history ?? engine.Database.Read(sql => sql.GetHistory(row.Key));
        history = engine.Options.ReplayFromStart ? lines : null;
        var execution = Begin(lines.Find(line => line.Event.Kind == EventKind.ExecutionStarted).Event);
        execution.Replay(lines);
        engine.Meters.Replayed(lines.Count);
        return execution;
    }

    private OrchestrationExecution Begin(DurableEvent started)
    {
        var parent = row.Parent is { } link ? new ParentOrchestrationInstance(link.Name, link.InstanceId) : null;
        var start = new ExecutionStart(row.Key, row.InstanceId, row.Execution, row.Name, row.Version, started.Payload, parent);
        return new OrchestrationExecution(start, engine.Executions);
    }

    /// <summary>An instance's time does not go backwards, nor is a timer that has fired ever ahead of it.</summary>
    private DateTimeOffset Now(List<InboxMessage> messages)
    {
        var now = engine.Time.GetUtcNow();
        foreach (var message in messages)
        {
            if ((message.DueAt ?? message.Event.Detail?.FireAt) is { } due && due > now)
                now = due;
        }
        return now > lastTime ? now : lastTime;
    }

    private void KeepInOrder(List<InboxMessage> kept)
    {
        if (kept.Count == 0)
            return;
        held = [.. held.Where(message => message.Sequence != 0), .. kept];
    }
}
