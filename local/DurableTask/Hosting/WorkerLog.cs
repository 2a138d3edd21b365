using Microsoft.Extensions.Logging;

namespace Orchestrator.Local.DurableTask;

/// <summary>Under the names and numbers of the SDK's worker, so that queries over logs serve both.</summary>
internal static partial class WorkerLog
{
    public const string Orchestrations = "Microsoft.DurableTask.Worker.Orchestrations";
    public const string Activities = "Microsoft.DurableTask.Worker.Activities";

    [LoggerMessage(600, LogLevel.Information, "Orchestration '{Name}' began as '{InstanceId}'")]
    public static partial void OrchestrationStarted(this ILogger logger, string name, string instanceId);

    [LoggerMessage(601, LogLevel.Information, "Orchestration '{Name}' completed as '{InstanceId}'")]
    public static partial void OrchestrationCompleted(this ILogger logger, string name, string instanceId);

    [LoggerMessage(602, LogLevel.Information, "Orchestration '{Name}' failed as '{InstanceId}'")]
    public static partial void OrchestrationFailed(this ILogger logger, Exception cause, string name, string instanceId);

    [LoggerMessage(603, LogLevel.Information, "Activity '{Name}' of '{InstanceId}' began")]
    public static partial void ActivityStarted(this ILogger logger, string name, string instanceId);

    [LoggerMessage(604, LogLevel.Information, "Activity '{Name}' of '{InstanceId}' completed")]
    public static partial void ActivityCompleted(this ILogger logger, string name, string instanceId);

    [LoggerMessage(605, LogLevel.Information, "Activity '{Name}' of '{InstanceId}' failed")]
    public static partial void ActivityFailed(this ILogger logger, Exception cause, string name, string instanceId);
}
