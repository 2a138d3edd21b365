using DurableTask.Core.Tracing;

namespace DurableTask.Core.History;

public class ExecutionTerminatedEvent(int eventId, string? input) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.ExecutionTerminated;

    public string? Input { get; set; } = input;
}

public class ExecutionSuspendedEvent(int eventId, string? reason) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.ExecutionSuspended;

    public string? Reason { get; set; } = reason;
}

public class ExecutionResumedEvent(int eventId, string? reason) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.ExecutionResumed;

    public string? Reason { get; set; } = reason;
}

/// <summary>A failed orchestration went on from where it had failed.</summary>
public class ExecutionRewoundEvent(int eventId, string? reason) : HistoryEvent(eventId)
{
    public ExecutionRewoundEvent(int eventId)
        : this(eventId, null)
    {
    }

    public override EventType EventType => EventType.ExecutionRewound;

    public string? Reason { get; set; } = reason;

    public string? ParentExecutionId { get; set; }

    public string? InstanceId { get; set; }

    public DistributedTraceContext? ParentTraceContext { get; set; }
}
