using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Storage;

/// <summary>Everything that one turn of an instance changes. It is written whole or not at all.</summary>
internal sealed record Turn
{
    /// <summary>As it is after the turn.</summary>
    public required InstanceRow Instance { get; set; }

    /// <summary>The execution that the turn was of; the instance may have gone on to the next.</summary>
    public required long Execution { get; init; }

    /// <summary>The sequence before the first line.</summary>
    public required int LastSequence { get; init; }

    public List<HistoryLine> Lines { get; } = [];

    /// <summary>Messages that need not come again.</summary>
    public List<InboxMessage> Consumed { get; } = [];

    /// <summary>Outcomes that came while the instance is suspended and are on no disk yet.</summary>
    public List<InboxMessage> Kept { get; } = [];

    public List<DurableEvent> Calls { get; set; } = [];

    public List<int> ClosedTimers { get; } = [];

    /// <summary>With what the next execution begins; null when the instance does not continue as new.</summary>
    public List<DurableEvent>? NextExecution { get; set; }

    /// <summary>Null unless the turn takes its instance back to where it failed.</summary>
    public Rewind? Rewind { get; set; }

    /// <summary>Why it was rewound.</summary>
    public string? Reason { get; set; }

    /// <summary>What the parent gets to know; null as long as there is nothing.</summary>
    public DurableEvent? ToParent { get; set; }

    /// <summary>Goes to every sub-orchestration that has not ended.</summary>
    public DurableEvent? ToChildren { get; set; }
}

/// <summary>What a committed turn sets going.</summary>
internal sealed class TurnEffects
{
    public List<ActivityRow> Activities { get; } = [];

    public List<TimerRow> Timers { get; } = [];

    public List<StartedInstance> Started { get; } = [];

    public List<(long Key, InboxMessage Message)> Messages { get; } = [];

    public List<TimerRow> RemovedTimers { get; } = [];

    /// <summary>The messages of <see cref="Turn.Kept"/> with their places on disk.</summary>
    public List<InboxMessage> Kept { get; } = [];
}

internal static class TurnWriter
{
    private static readonly OrchestrationRuntimeStatus[] Unfinished =
        [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended];

    /// <returns>No effects when the instance was removed meanwhile: then nothing is written.</returns>
    public static TurnEffects Write(this StateWriter writer, Turn turn)
    {
        var effects = new TurnEffects();
        var instance = turn.Instance;
        if (!writer.Update(instance))
            return effects;
        foreach (var message in turn.Consumed)
            writer.Remove(instance.Key, message);
        foreach (var message in turn.Kept)
            effects.Kept.Add(writer.Keep(instance.Key, message));
        if (turn.Rewind is { } rewind && !instance.HasEnded)
            writer.GoBack(turn, rewind, effects);
        var sequence = turn.LastSequence;
        foreach (var line in turn.Lines)
            writer.Append(instance.Key, ++sequence, line);
        foreach (var call in turn.Calls)
            Make(writer, turn, call, effects);
        foreach (var timer in turn.ClosedTimers)
            writer.RemoveTimer(instance.Key, turn.Execution, timer);
        if (turn.NextExecution is { } next)
            Continue(writer, instance, next, effects);
        if (instance.HasEnded)
            End(writer, turn, effects);
        return effects;
    }

    public static void Remove(this StateWriter writer, long key, InboxMessage message)
    {
        if (message.Sequence != 0)
            writer.RemoveFromInbox(key, message.Sequence);
        if (message.EndsActivity)
            writer.RemoveActivity(key, message.Execution, message.Event.TaskId);
    }

    /// <summary>Puts the outcome of a task on disk in place of the task itself.</summary>
    public static InboxMessage Keep(this StateWriter writer, long key, InboxMessage message)
    {
        if (message.EndsActivity)
            writer.RemoveActivity(key, message.Execution, message.Event.TaskId);
        if (message.Event.Kind == EventKind.TimerFired)
            writer.RemoveTimer(key, message.Execution, message.Event.TaskId);
        return writer.AddToInbox(key, message.Execution, message.Event);
    }

    public static void Make(StateWriter writer, Turn turn, DurableEvent call, TurnEffects effects)
    {
        var instance = turn.Instance with { Execution = turn.Execution };
        switch (call.Kind)
        {
            case EventKind.TaskScheduled:
                effects.Activities.Add(writer.AddActivity(instance, call));
                break;
            case EventKind.TimerCreated:
                var timer = new TimerRow(instance.Key, turn.Execution, call.TaskId, call.Detail!.FireAt!.Value);
                writer.AddTimer(timer);
                effects.Timers.Add(timer);
                break;
            case EventKind.SubOrchestrationCreated:
                StartChild(writer, instance, call, effects);
                break;
            case EventKind.EventSent:
                if (writer.Post(call.Detail!.InstanceId!, new DurableEvent(EventKind.EventRaised, Name: call.Name, Payload: call.Payload)) is { } sent)
                    effects.Messages.Add(sent);
                break;
        }
    }

    /// <summary>Under an id that is taken by an instance that has not ended, the sub-orchestration fails instead.</summary>
    private static void StartChild(StateWriter writer, InstanceRow parent, DurableEvent call, TurnEffects effects)
    {
        var id = call.Detail!.InstanceId!;
        if (writer.FindInstance(id) is { HasEnded: false } taken)
        {
            var message = $"An orchestration with the id '{id}' exists already and is {taken.Status}.";
            var failure = new TaskFailureDetails(typeof(OrchestrationAlreadyExistsException).FullName!, message, null, null, null);
            var refused = new DurableEvent(EventKind.SubOrchestrationFailed, call.TaskId, call.Name, Detail: new EventDetail { Failure = failure });
            effects.Messages.Add((parent.Key, writer.AddToInbox(parent.Key, parent.Execution, refused)));
            return;
        }
        var link = new ParentLink(parent.Key, parent.Execution, call.TaskId, parent.InstanceId, parent.Name);
        var child = new NewInstance(id, call.Name!, call.Detail.Version ?? "", call.Payload, call.Detail.Tags, link, null)
        {
            Started = call.Detail.TraceParent is { } trace ? new EventDetail { TraceParent = trace, TraceState = call.Detail.TraceState } : null,
        };
        effects.Started.Add(writer.Start(child, Unfinished, parent.UpdatedAt));
    }

    private static void Continue(StateWriter writer, InstanceRow instance, List<DurableEvent> events, TurnEffects effects)
    {
        writer.RemoveHistory(instance.Key);
        writer.SetInput(instance.Key, instance.Input);
        effects.RemovedTimers.AddRange(writer.RemoveTimers(instance.Key));
        foreach (var carried in events)
            effects.Messages.Add((instance.Key, writer.AddToInbox(instance.Key, 0, carried, carriedTo: instance.Execution)));
    }

    private static void End(StateWriter writer, Turn turn, TurnEffects effects)
    {
        writer.SetOutput(turn.Instance.Key, turn.Instance.Output);
        effects.RemovedTimers.AddRange(writer.RemovePending(turn.Instance.Key));
        if (turn.ToParent is { } outcome && turn.Instance.Parent is { } parent && writer.Post(parent.Key, parent.Execution, outcome) is { } told)
            effects.Messages.Add(told);
        if (turn.ToChildren is { } order)
        {
            foreach (var child in writer.GetChildren(turn.Instance.Key))
            {
                if (writer.Post(child, 0, order) is { } sent)
                    effects.Messages.Add(sent);
            }
        }
    }
}
