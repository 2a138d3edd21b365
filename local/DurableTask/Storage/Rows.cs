using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Storage;

/// <summary>An instance as its row has it.</summary>
internal sealed record InstanceRow
{
    /// <summary>Given in order of creation and never again: a replaced instance has another key under the same id.</summary>
    public required long Key { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>Counts up with each continue-as-new.</summary>
    public required long Execution { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    public required OrchestrationRuntimeStatus Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Null where the row was read without its data.</summary>
    public string? Input { get; init; }

    /// <inheritdoc cref="Input"/>
    public string? Output { get; init; }

    public string? CustomStatus { get; init; }

    public string? FailureJson { get; init; }

    public string? TagsJson { get; init; }

    public ParentLink? Parent { get; init; }

    /// <summary>Turns begun since the last one that ended, as far as counted.</summary>
    public int Deliveries { get; init; }

    public bool HasEnded =>
        Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}

/// <summary>Where the outcome of a sub-orchestration goes.</summary>
internal sealed record ParentLink(long Key, long Execution, int TaskId, string InstanceId, string Name);

/// <param name="Turn">Counts from 1 within an execution: all events of a turn were taken or made in one go.</param>
internal readonly record struct HistoryLine(int Turn, DateTimeOffset Time, DurableEvent Event);

/// <param name="Sequence">0 for one that is not on disk.</param>
/// <param name="Execution">The execution that the outcome of a task belongs to: for a later one it is stale. 0 for what any execution takes.</param>
internal sealed record InboxMessage(long Sequence, long Execution, DurableEvent Event)
{
    /// <summary>When a timer was due that has fired: the instance's time is not before it, whatever the clock says now.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>It is the outcome of an activity, whose row goes when the outcome is on disk.</summary>
    public bool EndsActivity { get; init; }
}

/// <summary>An instance to be made.</summary>
/// <param name="NotBefore">Null: it starts at once.</param>
internal sealed record NewInstance(
    string InstanceId, string Name, string Version, string? Input, IReadOnlyDictionary<string, string>? Tags, ParentLink? Parent, DateTimeOffset? NotBefore)
{
    /// <summary>What its start has beside name and input.</summary>
    public EventDetail? Started { get; init; }
}

/// <param name="Sequence">Counts up with each activity, in the order of the commits.</param>
/// <param name="Deliveries">Those that a stop gave up not counted.</param>
internal sealed record ActivityRow(
    long Sequence, long InstanceKey, long Execution, string InstanceId, int TaskId, string Name, string? Input, EventDetail? Detail, int Deliveries)
{
    /// <summary>It was left there, to be read when the activity begins.</summary>
    public bool InputIsOnDisk { get; init; }

    /// <summary>Which one this is, as the activity gets to know it.</summary>
    public int Delivery => Deliveries + (Detail?.GivenUp ?? 0);
}

internal sealed record TimerRow(long InstanceKey, long Execution, int TaskId, DateTimeOffset FireAt);
