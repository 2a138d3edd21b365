using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Execution;

/// <summary>
/// Finds the failures that ended an execution. A failure that the orchestrator dealt with, by a retry or in a catch that went
/// on to other calls, stays: the history after it would not fit any more.
/// </summary>
internal sealed class RewindPlan(IReadOnlyList<HistoryLine> history, Func<DurableEvent, OrchestrationExecution> begin)
{
    /// <summary>The tasks that are to run again.</summary>
    public List<DurableEvent> Dropped { get; private set; } = [];

    /// <returns>The execution without the dropped failures, where its history ends.</returns>
    public OrchestrationExecution Choose()
    {
        var failures = history.Select(line => line.Event).Where(IsFailure).Reverse().ToList();
        // Most often nobody has dealt with any.
        if (TryWithout(failures) is { } all)
            return all;
        OrchestrationExecution? chosen = null;
        foreach (var failure in failures)
            chosen = TryWithout([.. Dropped, failure]) ?? chosen;
        return chosen ?? ReplayWithout([]);
    }

    private static bool IsFailure(DurableEvent happened) => happened.Kind is EventKind.TaskFailed or EventKind.SubOrchestrationFailed;

    private OrchestrationExecution? TryWithout(List<DurableEvent> failures)
    {
        var execution = ReplayWithout(failures);
        if (execution.HasDiverged)
            return null;
        Dropped = failures;
        return execution;
    }

    private OrchestrationExecution ReplayWithout(List<DurableEvent> failures)
    {
        var dropped = failures.ToHashSet(ReferenceEqualityComparer.Instance);
        var execution = begin(history.First(line => line.Event.Kind == EventKind.ExecutionStarted).Event);
        execution.Replay([.. history.Where(line => !dropped.Contains(line.Event))], rewinding: true);
        return execution;
    }
}
