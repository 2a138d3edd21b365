using System.Collections.Concurrent;
using System.Diagnostics;

namespace Orchestrator.Local.DurableTask.Tests;

/// <summary>Keeps the ended spans of one trace, which a span of its own begins.</summary>
public sealed class SpanLog : IDisposable
{
    private static readonly ActivitySource Own = new("Orchestrator.Tests");

    private readonly ConcurrentQueue<Activity> ended = new();
    private readonly ActivityListener listener;

    public SpanLog()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.DurableTask" or "Orchestrator.Tests",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        Root = Own.StartActivity("request")!;
        Root.TraceStateString = "vendor=1";
    }

    public Activity Root { get; }

    public IEnumerable<Activity> Spans => ended.Where(span => span.TraceId == Root.TraceId && span != Root);

    public Activity Single(string name, ActivityKind kind) => Spans.Single(span => span.OperationName == name && span.Kind == kind);

    public void Dispose()
    {
        Root.Dispose();
        listener.Dispose();
    }
}
