namespace DurableTask.Core.History;

public class TimerCreatedEvent(int eventId, DateTime fireAt) : HistoryEvent(eventId)
{
    public TimerCreatedEvent(int eventId)
        : this(eventId, default)
    {
    }

    public override EventType EventType => EventType.TimerCreated;

    public DateTime FireAt { get; set; } = fireAt;
}

public class TimerFiredEvent(int eventId, DateTime fireAt) : HistoryEvent(eventId)
{
    public TimerFiredEvent(int eventId)
        : this(eventId, default)
    {
    }

    public override EventType EventType => EventType.TimerFired;

    /// <summary>The event id of the <see cref="TimerCreatedEvent"/>.</summary>
    public int TimerId { get; set; }

    public DateTime FireAt { get; set; } = fireAt;
}
