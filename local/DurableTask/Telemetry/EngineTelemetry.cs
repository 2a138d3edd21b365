using System.Diagnostics;
using Microsoft.DurableTask;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Telemetry;

/// <summary>
/// Spans under the names and with the tags of the Durable Task telemetry, so that one dashboard serves every host. As there,
/// what was started by nobody who was traced has none.
/// </summary>
internal static class EngineTelemetry
{
    public const string SourceName = "Microsoft.DurableTask";

    public static readonly ActivitySource Source = new(SourceName);

    /// <summary>A client starts an orchestration; the span is the parent of the orchestration's.</summary>
    public static Activity? StartCreation(TaskName orchestrator, string version, string instanceId)
    {
        if (!Source.HasListeners())
            return null;
        var span = Source.StartActivity(Named("create_orchestration", orchestrator, version), ActivityKind.Producer);
        return span?.Describe("orchestration", orchestrator, instanceId, version);
    }

    /// <summary>A client raises an event.</summary>
    public static Activity? StartEvent(string eventName, string instanceId)
    {
        if (!Source.HasListeners())
            return null;
        var span = Source.StartActivity(Named("orchestration_event", eventName, null), ActivityKind.Producer);
        return span?.SetTag("durabletask.type", "event").SetTag("durabletask.task.name", eventName).SetTag("durabletask.event.target_instance_id", instanceId);
    }

    /// <summary>An activity runs.</summary>
    /// <param name="call">With the span of the call that it answers.</param>
    public static Activity? StartActivity(ActivityInvocation invocation, EventDetail? call)
    {
        if (!Source.HasListeners() || !TryGetContext(call, out var caller))
            return null;
        var span = Source.StartActivity(Named("activity", invocation.Name, invocation.Version), ActivityKind.Server, caller);
        return span?.Describe("activity", invocation.Name, invocation.InstanceId, invocation.Version).SetTag("durabletask.task.task_id", invocation.TaskId);
    }

    /// <summary>Where the caller stands, to be stored with what it starts; null when it stands nowhere.</summary>
    public static EventDetail? CurrentContext() => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } current
        ? new EventDetail { TraceParent = id, TraceState = current.TraceStateString }
        : null;

    public static bool TryGetContext(EventDetail? detail, out ActivityContext context)
    {
        context = default;
        return detail?.TraceParent is { } parent && ActivityContext.TryParse(parent, detail.TraceState, out context);
    }

    public static string Named(string what, string? name, string? version) =>
        string.IsNullOrEmpty(version) ? $"{what}:{name}" : $"{what}:{name}@({version})";

    public static Activity Describe(this Activity span, string type, string? name, string instanceId, string? version)
    {
        span.SetTag("durabletask.type", type).SetTag("durabletask.task.name", name).SetTag("durabletask.task.instance_id", instanceId);
        return string.IsNullOrEmpty(version) ? span : span.SetTag("durabletask.task.version", version);
    }
}
