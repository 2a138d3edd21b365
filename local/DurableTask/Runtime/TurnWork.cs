using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Orchestrator.Local.DurableTask.Execution;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>One turn in the making: what of the mail is taken, kept or dropped, and what comes of it.</summary>
/// <param name="isRejected">Its version does not run here: all but a termination is kept for another start.</param>
internal sealed class TurnWork(
    Turn turn,
    List<InboxMessage> mail,
    List<InboxMessage> heldBefore,
    InstanceRow before,
    bool started,
    bool isRejected,
    DateTimeOffset now,
    int number)
{
    private bool suspended = before.Status == OrchestrationRuntimeStatus.Suspended;
    private bool running = started;

    public DateTimeOffset Now => now;

    /// <summary>What the orchestrator is to see.</summary>
    public List<InboxMessage> Events { get; } = [];

    /// <summary>The order to go back to where the instance failed; null without one.</summary>
    public DurableEvent? RewindOrder => Events.Find(message => message.Event.Kind == EventKind.ExecutionRewound)?.Event;

    public List<InboxMessage> Held { get; private set; } = [.. heldBefore];

    /// <returns>False when the turn ends the instance without running it.</returns>
    public bool Sort()
    {
        if (mail.Find(message => message.Event.Kind == EventKind.ExecutionTerminated) is { } order)
        {
            Terminate(order.Event);
            return false;
        }
        if (mail.Find(message => message.Event.Kind == EventKind.Trespassed && message.Execution == before.Execution) is { } trespass)
        {
            Fail(new TaskFailureDetails(typeof(InvalidOperationException).FullName!, trespass.Event.Payload!, null, null, null));
            return false;
        }
        foreach (var message in mail)
            Sort(message);
        return true;
    }

    public void Apply(OrchestrationExecution execution)
    {
        foreach (var message in Events)
        {
            // What is left over when the orchestrator has ended stays in the inbox, in its order, for the next execution.
            if (execution.IsOver && message.Sequence != 0 && message.Event.Kind != EventKind.ExecutionRewound)
                continue;
            turn.Consumed.Add(message);
            if (execution.Apply(message.Event))
                Record(message.Event);
        }
        turn.Calls = execution.TakeCalls();
        turn.ClosedTimers.AddRange(execution.TakeCancelledTimers());
        turn.Calls.ForEach(Record);
    }

    /// <summary>To be called when the events have been applied.</summary>
    public void Rewind(OrchestrationExecution execution, List<DurableEvent> dropped)
    {
        turn.Reason = RewindOrder!.Payload;
        turn.Rewind = new Rewind(dropped, [.. execution.OpenCalls.Except(turn.Calls)]);
    }

    public void SetCustomStatus(string? status) => turn.Instance = turn.Instance with { CustomStatus = status };

    public void TakeOutcome(ExecutionOutcome? outcome)
    {
        switch (outcome)
        {
            case null:
                break;
            case { Failure: { } failure }:
                Fail(failure);
                break;
            case { ContinueAs: { } next }:
                ContinueAs(next);
                break;
            default:
                Complete(outcome.Output);
                break;
        }
    }

    public void Fail(TaskFailureDetails failure) => Fail(new ExecutionFailure(failure.ErrorMessage, failure, NonRetriable: true));

    /// <returns>Null when nothing has changed.</returns>
    public Turn? Finish()
    {
        if (turn.Instance.HasEnded)
        {
            turn.Kept.Clear();
            // It has called them, as its history says, and nobody is there for what they would give.
            turn.Calls.RemoveAll(call => call.Kind != EventKind.EventSent);
        }
        else
        {
            turn.Kept.AddRange(Held.Where(message => message.Sequence == 0 && (suspended || isRejected)));
            var status = suspended ? OrchestrationRuntimeStatus.Suspended : running ? OrchestrationRuntimeStatus.Running : OrchestrationRuntimeStatus.Pending;
            turn.Instance = turn.Instance with { Status = status };
        }
        if (turn.Lines.Count == 0 && turn.Consumed.Count == 0 && turn.Kept.Count == 0 && turn.Instance == before && before.Deliveries == 0)
            return null;
        turn.Instance = turn.Instance with { UpdatedAt = now, CompletedAt = turn.Instance.HasEnded ? now : null };
        return turn;
    }

    private void Sort(InboxMessage message)
    {
        switch (message.Event.Kind)
        {
            case EventKind.ExecutionSuspended or EventKind.ExecutionResumed:
                Switch(message);
                break;
            case EventKind.Trespassed:
                break;
            default:
                if (suspended || isRejected || !(running || message.Event.Kind == EventKind.ExecutionStarted))
                    Held.Add(message);
                else
                    Take(message);
                break;
        }
    }

    private void Switch(InboxMessage message)
    {
        turn.Consumed.Add(message);
        var suspends = message.Event.Kind == EventKind.ExecutionSuspended;
        if (suspends == suspended)
            return;
        suspended = suspends;
        if (running)
            Record(message.Event);
        if (suspends)
            return;
        var released = Held;
        Held = [];
        released.ForEach(Sort);
    }

    private void Take(InboxMessage message)
    {
        var stale = message.Execution != 0 && message.Execution != before.Execution;
        var again = running && message.Event.Kind == EventKind.ExecutionStarted;
        if (stale || again)
        {
            turn.Consumed.Add(message);
            return;
        }
        if (message.Event.Kind == EventKind.TimerFired)
            turn.ClosedTimers.Add(message.Event.TaskId);
        running = true;
        Events.Add(message);
    }

    private void Record(DurableEvent happened) => turn.Lines.Add(new HistoryLine(number, now, happened));

    private void Complete(string? output)
    {
        turn.Instance = turn.Instance with { Status = OrchestrationRuntimeStatus.Completed, Output = output };
        Record(new DurableEvent(EventKind.ExecutionCompleted, Payload: output));
        if (before.Parent is { } parent)
            turn.ToParent = new DurableEvent(EventKind.SubOrchestrationCompleted, parent.TaskId, before.Name, output);
    }

    private void Fail(ExecutionFailure failure)
    {
        turn.Instance = turn.Instance with
        {
            Status = OrchestrationRuntimeStatus.Failed,
            Output = failure.Message,
            FailureJson = failure.Details is null ? null : JsonSerializer.Serialize(failure.Details, StoredJson.Default.TaskFailureDetails),
        };
        var detail = new EventDetail { Failure = failure.Details, NonRetriable = failure.NonRetriable };
        Record(new DurableEvent(EventKind.ExecutionFailed, Payload: failure.Message, Detail: detail));
        if (before.Parent is { } parent)
            turn.ToParent = new DurableEvent(EventKind.SubOrchestrationFailed, parent.TaskId, before.Name, Detail: detail);
    }

    private void Terminate(DurableEvent order)
    {
        turn.Instance = turn.Instance with { Status = OrchestrationRuntimeStatus.Terminated, Output = order.Payload };
        Record(order);
        if (before.Parent is { } parent)
        {
            var failure = new TaskFailureDetails("OrchestrationTerminated", $"The orchestration '{before.InstanceId}' was terminated.", null, null, null);
            turn.ToParent = new DurableEvent(EventKind.SubOrchestrationFailed, parent.TaskId, before.Name, Detail: new EventDetail { Failure = failure });
        }
        if (order.Detail is { Recursive: true })
            turn.ToChildren = order;
    }

    private void ContinueAs(Continuation next)
    {
        turn.Instance = turn.Instance with
        {
            Execution = before.Execution + 1,
            Input = next.Input,
            Version = next.Version ?? before.Version,
        };
        turn.NextExecution =
        [
            new DurableEvent(EventKind.ExecutionStarted, Name: before.Name, Payload: next.Input, Detail: next.Started),
            .. next.Carried.Select(carried => new DurableEvent(EventKind.EventRaised, Name: carried.Name, Payload: carried.Payload)),
        ];
    }
}
