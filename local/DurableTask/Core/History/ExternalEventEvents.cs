using DurableTask.Core.Tracing;

namespace DurableTask.Core.History;

public class EventSentEvent(int eventId) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.EventSent;

    /// <summary>The receiver.</summary>
    public string? InstanceId { get; set; }

    public string? Name { get; set; }

    public string? Input { get; set; }
}

public class EventRaisedEvent(int eventId, string? input) : HistoryEvent(eventId)
{
    public override EventType EventType => EventType.EventRaised;

    public string? Name { get; set; }

    public string? Input { get; set; } = input;

    public DistributedTraceContext? ParentTraceContext { get; set; }
}

/// <summary>Never in a history of this engine.</summary>
public class GenericEvent(int eventId, string? data) : HistoryEvent(eventId)
{
#pragma warning disable CA1051 // A field in the real API.
    public string? Data = data;
#pragma warning restore CA1051

    public override EventType EventType => EventType.GenericEvent;
}
