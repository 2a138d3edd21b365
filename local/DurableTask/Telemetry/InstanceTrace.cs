using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Local.DurableTask.Execution;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Telemetry;

/// <summary>
/// The spans of one execution. They are written when they end, once the turn that ended them is on disk, so that neither a
/// replay nor a turn that is repeated writes one twice. Their ids are made of the starter's trace and the place of the call:
/// the children have them before the span exists, and after a restart they are the same without being stored.
/// </summary>
internal sealed class InstanceTrace
{
    private const int Whole = -1;

    private readonly ExecutionStart execution;
    private readonly ActivityContext starter;
    private readonly ActivityContext orchestration;
    private readonly Dictionary<int, HistoryLine> open = [];
    private DateTimeOffset begun;

    private InstanceTrace(ExecutionStart execution, ActivityContext starter)
    {
        this.execution = execution;
        this.starter = starter;
        orchestration = Context(Whole);
    }

    /// <returns>Null when nobody listens, or the one who started it was not traced.</returns>
    public static InstanceTrace? Of(ExecutionStart execution, EventDetail? started) =>
        EngineTelemetry.Source.HasListeners() && EngineTelemetry.TryGetContext(started, out var starter) ? new InstanceTrace(execution, starter) : null;

    /// <summary>Gives a call the span that what it calls has as its parent.</summary>
    public DurableEvent Stamp(DurableEvent call) => call.Kind is EventKind.TaskScheduled or EventKind.SubOrchestrationCreated
        ? call with { Detail = (call.Detail ?? new EventDetail()) with { TraceParent = Written(Context(call.TaskId)), TraceState = starter.TraceState } }
        : call;

    /// <summary>Takes note of a line without writing spans, as a replay needs it.</summary>
    public void Note(HistoryLine line)
    {
        switch (line.Event.Kind)
        {
            case EventKind.ExecutionStarted:
                begun = line.Time;
                break;
            case EventKind.TaskScheduled or EventKind.SubOrchestrationCreated or EventKind.TimerCreated:
                open[line.Event.TaskId] = line;
                break;
            case EventKind.TaskCompleted or EventKind.TaskFailed or EventKind.SubOrchestrationCompleted or EventKind.SubOrchestrationFailed or EventKind.TimerFired:
                open.Remove(line.Event.TaskId);
                break;
        }
    }

    /// <summary>Writes the spans that a turn has ended.</summary>
    public void Emit(Turn turn)
    {
        foreach (var line in turn.Lines)
        {
            if (line.Event.Kind == EventKind.EventSent)
                EmitEvent(line);
            else if (open.TryGetValue(line.Event.TaskId, out var call))
                EmitTask(call, line);
            Note(line);
        }
        if (turn.Instance.HasEnded || turn.NextExecution is not null)
            EmitOrchestration(turn);
    }

    private void EmitTask(HistoryLine call, HistoryLine outcome)
    {
        var (type, name, kind) = call.Event.Kind switch
        {
            EventKind.TaskScheduled => ("activity", EngineTelemetry.Named("activity", call.Event.Name, call.Event.Detail?.Version), ActivityKind.Client),
            EventKind.TimerCreated => ("timer", $"orchestration:{execution.Name}:timer", ActivityKind.Internal),
            _ => ("orchestration", EngineTelemetry.Named("orchestration", call.Event.Name, call.Event.Detail?.Version), ActivityKind.Client),
        };
        using var span = EngineTelemetry.Source.StartActivity(name, kind, orchestration, startTime: call.Time);
        if (span is null)
            return;
        span.Describe(type, call.Event.Name ?? execution.Name, execution.InstanceId, call.Event.Detail?.Version);
        if (call.Event.Kind != EventKind.SubOrchestrationCreated)
            span.SetTag("durabletask.task.task_id", call.Event.TaskId);
        if (call.Event.Detail?.FireAt is { } fireAt)
            span.SetTag("durabletask.fire_at", fireAt.UtcDateTime.ToString("o", CultureInfo.InvariantCulture));
        if (outcome.Event.Kind is EventKind.TaskFailed or EventKind.SubOrchestrationFailed)
            span.SetStatus(ActivityStatusCode.Error, outcome.Event.Detail?.Failure?.ErrorMessage);
        End(span, call.Event.TaskId, outcome.Time);
    }

    private void EmitEvent(HistoryLine sent)
    {
        using var span = EngineTelemetry.Source.StartActivity(
            EngineTelemetry.Named("orchestration_event", sent.Event.Name, null), ActivityKind.Producer, orchestration, startTime: sent.Time);
        if (span is null)
            return;
        span.Describe("event", sent.Event.Name, execution.InstanceId, null).SetTag("durabletask.event.target_instance_id", sent.Event.Detail?.InstanceId);
        End(span, sent.Event.TaskId, sent.Time);
    }

    private void EmitOrchestration(Turn turn)
    {
        using var span = EngineTelemetry.Source.StartActivity(
            EngineTelemetry.Named("orchestration", execution.Name, execution.Version), ActivityKind.Server, starter, startTime: begun);
        if (span is null)
            return;
        var status = turn.NextExecution is not null ? "ContinuedAsNew" : turn.Instance.Status.ToString();
        span.Describe("orchestration", execution.Name, execution.InstanceId, execution.Version).SetTag("durabletask.task.status", status);
        if (status == "Failed")
            span.SetStatus(ActivityStatusCode.Error, turn.Instance.Output);
        End(span, Whole, turn.Instance.UpdatedAt);
    }

    private void End(Activity span, int taskId, DateTimeOffset at)
    {
        // There is no public way to choose a span's id.
        SpanId(span) = Context(taskId).SpanId.ToHexString();
        Id(span) = null;
        span.SetEndTime(at.UtcDateTime > span.StartTimeUtc ? at.UtcDateTime : span.StartTimeUtc.AddTicks(1));
    }

    private ActivityContext Context(int taskId)
    {
        var place = $"{starter.TraceId}/{execution.InstanceId}/{execution.InstanceKey}/{execution.Execution}/{taskId}";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(place));
        // All zeros would be no id.
        hash[0] |= 1;
        return new ActivityContext(starter.TraceId, ActivitySpanId.CreateFromBytes(hash.AsSpan(0, 8)), starter.TraceFlags, starter.TraceState);
    }

    private static string Written(ActivityContext context) => $"00-{context.TraceId}-{context.SpanId}-{(int)context.TraceFlags:x2}";

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? SpanId(Activity span);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_id")]
    private static extern ref string? Id(Activity span);
}
