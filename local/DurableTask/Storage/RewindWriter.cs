using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Storage;

/// <summary>What a turn that rewinds its instance changes besides.</summary>
/// <param name="Dropped">Failures that leave the history.</param>
/// <param name="Reopened">Calls of the history that have no outcome now: they are made again under their numbers.</param>
internal sealed record Rewind(IReadOnlyList<DurableEvent> Dropped, IReadOnlyList<DurableEvent> Reopened);

/// <summary>
/// Rewinds an instance in two transactions: the first makes it run again and leaves it the order to go back, the second, of its
/// own turn, goes back and begins the same with each failed sub-orchestration. After either, a crash changes nothing.
/// </summary>
internal static class RewindWriter
{
    /// <returns>The order; null when there is no such instance.</returns>
    /// <exception cref="InvalidOperationException">It has not failed.</exception>
    public static (long Key, InboxMessage Message)? Rewind(this StateWriter writer, string instanceId, string? reason, DateTimeOffset now)
    {
        if (writer.FindInstance(instanceId, withData: true) is not { } instance)
            return null;
        if (instance.Status != OrchestrationRuntimeStatus.Failed)
            throw new InvalidOperationException($"The orchestration with the instanceId {instanceId} cannot be rewound: it is {instance.Status}, not Failed.");
        return Begin(writer, instance, reason, now);
    }

    public static void GoBack(this StateWriter writer, Turn turn, Rewind rewind, TurnEffects effects)
    {
        var instance = turn.Instance with { Execution = turn.Execution };
        foreach (var failure in rewind.Dropped)
            writer.RemoveFromHistory(instance.Key, failure);
        foreach (var call in rewind.Reopened)
        {
            // As the code makes it today, which may have been mended.
            writer.UpdateInHistory(instance.Key, call);
            if (call.Kind != EventKind.SubOrchestrationCreated || !TryRewindChild(writer, instance, call, turn.Reason, effects))
                TurnWriter.Make(writer, turn, call, effects);
        }
    }

    private static (long Key, InboxMessage Message) Begin(StateWriter writer, InstanceRow instance, string? reason, DateTimeOffset now)
    {
        var started = writer.Reopen(instance.Key, now);
        var order = started
            ? new DurableEvent(EventKind.ExecutionRewound, Payload: reason)
            : new DurableEvent(EventKind.ExecutionStarted, Name: instance.Name, Payload: instance.Input);
        return (instance.Key, writer.AddToInbox(instance.Key, 0, order));
    }

    /// <returns>False when the sub-orchestration is to be started anew: it is gone, or was terminated.</returns>
    private static bool TryRewindChild(StateWriter writer, InstanceRow parent, DurableEvent call, string? reason, TurnEffects effects)
    {
        var child = writer.FindInstance(call.Detail!.InstanceId!, withData: true);
        var isOurs = child?.Parent is { } link && link.Key == parent.Key && link.Execution == parent.Execution && link.TaskId == call.TaskId;
        switch (isOurs ? child!.Status : OrchestrationRuntimeStatus.Terminated)
        {
            case OrchestrationRuntimeStatus.Terminated:
                return false;
            case OrchestrationRuntimeStatus.Failed:
                effects.Messages.Add(Begin(writer, child!, reason, parent.UpdatedAt));
                return true;
            case OrchestrationRuntimeStatus.Completed:
                // It was rewound by itself, or ended after its parent had.
                var outcome = new DurableEvent(EventKind.SubOrchestrationCompleted, call.TaskId, call.Name, child!.Output);
                effects.Messages.Add((parent.Key, writer.AddToInbox(parent.Key, parent.Execution, outcome)));
                return true;
            default:
                return true;
        }
    }
}
