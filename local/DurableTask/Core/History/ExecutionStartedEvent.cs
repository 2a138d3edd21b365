using DurableTask.Core.Tracing;

namespace DurableTask.Core.History;

public class ExecutionStartedEvent(int eventId, string? input) : HistoryEvent(eventId)
{
#pragma warning disable CA1051 // A field in the real API.
    public OrchestrationInstance? OrchestrationInstance;
#pragma warning restore CA1051

    public override EventType EventType => EventType.ExecutionStarted;

    /// <summary>Null for an orchestration that a client started.</summary>
    public ParentInstance? ParentInstance { get; set; }

    public string? Name { get; set; }

    public string? Version { get; set; }

    public string? Input { get; set; } = input;

    public IDictionary<string, string>? Tags { get; set; }

    public string? Correlation { get; set; }

    public DistributedTraceContext? ParentTraceContext { get; set; }

    /// <summary>Null for one that was to start at once.</summary>
    public DateTime? ScheduledStartTime { get; set; }

    public int? Generation { get; set; }

    public bool GenerateNewTrace { get; set; }
}
