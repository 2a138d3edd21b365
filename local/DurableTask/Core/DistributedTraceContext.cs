namespace DurableTask.Core.Tracing;

/// <summary>The trace that an event belongs to, in the form of W3C Trace Context.</summary>
public class DistributedTraceContext(string traceParent, string? traceState = null)
{
    private string? traceState = Bounded(traceState);

    public string TraceParent { get; set; } = traceParent;

    /// <summary>Null when it is longer than 513 characters.</summary>
    public string? TraceState
    {
        get => traceState;
        set => traceState = Bounded(value);
    }

    public string? Id { get; set; }

    public string? SpanId { get; set; }

    public DateTimeOffset? ActivityStartTime { get; set; }

    private static string? Bounded(string? state) => state is { Length: > 513 } ? null : state;
}
