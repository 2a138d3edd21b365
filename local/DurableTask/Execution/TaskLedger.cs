using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Execution;

/// <summary>
/// The calls of one execution: numbered as they are made, compared with the history while it is replayed, open until their
/// outcome comes.
/// </summary>
internal sealed class TaskLedger
{
    private readonly Dictionary<int, OpenTask> open = [];
    private readonly Queue<DurableEvent> made = new();
    private List<int> cancelledTimers = [];
    private int next;

    public bool HasOpenTasks => open.Count > 0;

    public IEnumerable<DurableEvent> OpenCalls => open.Values.Select(task => task.Call);

    public int NextId() => next++;

    public Task<TaskOutcome> Open(DurableEvent call)
    {
        var task = new OpenTask(call);
        open.Add(call.TaskId, task);
        made.Enqueue(call);
        return task.Outcome.Task;
    }

    /// <summary>Records a call that has no outcome.</summary>
    public void Send(DurableEvent call) => made.Enqueue(call);

    public void CancelTimer(int id, CancellationToken cancellation)
    {
        if (!open.Remove(id, out var timer))
            return;
        cancelledTimers.Add(id);
        timer.Outcome.TrySetCanceled(cancellation);
    }

    /// <returns>False when no open call has that number, so that the outcome comes for nobody.</returns>
    public bool Close(DurableEvent outcome)
    {
        if (!open.Remove(outcome.TaskId, out var task))
            return false;
        var succeeded = outcome.Kind is EventKind.TaskCompleted or EventKind.SubOrchestrationCompleted or EventKind.TimerFired;
        task.Outcome.TrySetResult(new TaskOutcome(
            outcome.TaskId, succeeded, outcome.Payload, outcome.Detail?.Failure, outcome.Detail?.NonRetriable ?? false));
        return true;
    }

    /// <summary>
    /// Replay: the history says that this call was made next. Inputs, versions and times of timers are not compared, as in the
    /// real engine: those of the history count.
    /// </summary>
    public void Confirm(DurableEvent recorded)
    {
        if (!made.TryDequeue(out var call))
            throw new DivergenceException($"the history has {recorded}, but the orchestrator made no such call");
        if (!IsSame(call, recorded))
            throw new DivergenceException($"the history has {recorded}, but the orchestrator called {call}");
    }

    /// <summary>Replay: the history has no further call in this turn.</summary>
    public void ConfirmEndOfTurn(int turn)
    {
        if (made.TryPeek(out var call))
            throw new DivergenceException($"the orchestrator called {call}, which its history does not have in turn {turn}");
        ForgetCancelledTimers();
    }

    public void ForgetCancelledTimers() => cancelledTimers.Clear();

    public List<DurableEvent> TakeCalls()
    {
        var calls = made.ToList();
        made.Clear();
        return calls;
    }

    public List<int> TakeCancelledTimers()
    {
        var taken = cancelledTimers;
        cancelledTimers = [];
        return taken;
    }

    private static bool IsSame(DurableEvent call, DurableEvent recorded) =>
        call.Kind == recorded.Kind
        && call.TaskId == recorded.TaskId
        && string.Equals(call.Name, recorded.Name, StringComparison.OrdinalIgnoreCase)
        && (call.Detail is not { IsAddressed: true } addressed || addressed.InstanceId == recorded.Detail?.InstanceId);

    private sealed record OpenTask(DurableEvent Call)
    {
        public TaskCompletionSource<TaskOutcome> Outcome { get; } = new();
    }
}
