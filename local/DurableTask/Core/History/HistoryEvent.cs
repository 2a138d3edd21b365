using System.Runtime.Serialization;

namespace DurableTask.Core.History;

/// <summary>One line of an orchestration's history, as read out by a client.</summary>
/// <param name="eventId">The number of a call within its execution; -1 for what happened to the orchestration.</param>
public abstract class HistoryEvent(int eventId)
{
    public int EventId { get; } = eventId;

    public bool IsPlayed { get; set; }

    /// <summary>UTC.</summary>
    public DateTime Timestamp { get; set; } = DateTime.UtcNow;

    public virtual EventType EventType { get; }

    /// <summary>Always null here.</summary>
    public ExtensionDataObject? ExtensionData { get; set; }

    public static IEnumerable<Type> KnownTypes() =>
        typeof(HistoryEvent).Assembly.GetTypes().Where(type => !type.IsAbstract && typeof(HistoryEvent).IsAssignableFrom(type));
}
