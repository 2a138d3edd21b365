using System.Diagnostics;

namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>Spans under the names of the Durable Task telemetry, so that one dashboard serves every host.</summary>
internal static class EngineTelemetry
{
    private static readonly ActivitySource Source = new("Microsoft.DurableTask");

    public static Activity? StartActivity(ActivityInvocation invocation)
    {
        var span = Source.StartActivity($"activity:{invocation.Name.Name}", ActivityKind.Server);
        span?.SetTag("durabletask.type", "activity");
        span?.SetTag("durabletask.task.name", invocation.Name.Name);
        span?.SetTag("durabletask.task.instance_id", invocation.InstanceId);
        span?.SetTag("durabletask.task.task_id", invocation.TaskId);
        return span;
    }
}
