using DurableTask.Core.Tracing;

namespace DurableTask.Core.History;

public class TaskScheduledEvent(int eventId, string? name, string? version = null, string? input = null) : HistoryEvent(eventId)
{
    public TaskScheduledEvent(int eventId)
        : this(eventId, null)
    {
    }

    public override EventType EventType => EventType.TaskScheduled;

    public string? Name { get; set; } = name;

    public string? Version { get; set; } = version;

    public string? Input { get; set; } = input;

    public DistributedTraceContext? ParentTraceContext { get; set; }

    public IDictionary<string, string>? Tags { get; set; }
}

public class TaskCompletedEvent(int eventId, int taskScheduledId, string? result) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.TaskCompleted;

    public int TaskScheduledId { get; } = taskScheduledId;

    public string? Result { get; } = result;
}

public class TaskFailedEvent(int eventId, int taskScheduledId, string? reason, string? details, FailureDetails? failureDetails) : HistoryEvent(eventId)
{
    public TaskFailedEvent(int eventId, int taskScheduledId, string? reason, string? details)
        : this(eventId, taskScheduledId, reason, details, null)
    {
    }

    public override EventType EventType => EventType.TaskFailed;

    public int TaskScheduledId { get; } = taskScheduledId;

    /// <summary>Null in what the client reads, as with the real one: see <see cref="FailureDetails"/>.</summary>
    public string? Reason { get; } = reason;

    /// <inheritdoc cref="Reason"/>
    public string? Details { get; } = details;

    public FailureDetails? FailureDetails { get; } = failureDetails;
}
