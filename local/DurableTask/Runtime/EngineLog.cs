using Microsoft.Extensions.Logging;

namespace Orchestrator.Local.DurableTask.Runtime;

internal static partial class EngineLog
{
    [LoggerMessage(901, LogLevel.Information, "State file {StateFile} opened: {Instances} orchestrations have something to do, {Activities} activities run again, {Timers} timers are set")]
    public static partial void EngineStarted(this ILogger logger, string stateFile, int instances, int activities, int timers);

    [LoggerMessage(902, LogLevel.Warning, "{Count} activities had not ended when the stop no longer waited; they run again at the next start")]
    public static partial void ActivitiesLeftRunning(this ILogger logger, int count);

    [LoggerMessage(903, LogLevel.Error, "The delivery of activity {Activity} of {InstanceId} could not be counted; it is tried again")]
    public static partial void DeliveryNotCounted(this ILogger logger, string activity, string instanceId, Exception cause);

    [LoggerMessage(908, LogLevel.Error, "That {Count} activities were given up could not be written; at the next start they have the same delivery number again")]
    public static partial void GivenUpNotCounted(this ILogger logger, int count, Exception cause);

    [LoggerMessage(904, LogLevel.Error, "A turn of the instance with key {InstanceKey} was not committed; it is tried again")]
    public static partial void TurnNotCommitted(this ILogger logger, long instanceKey, Exception cause);

    [LoggerMessage(905, LogLevel.Debug, "Orchestration {InstanceId} ({Orchestrator}) ended {Status}")]
    public static partial void InstanceEnded(this ILogger logger, string instanceId, string orchestrator, string status);

    [LoggerMessage(906, LogLevel.Warning, "{Task} of {InstanceId} is left to another start: {Reason}")]
    public static partial void VersionRejected(this ILogger logger, string task, string instanceId, string reason);

    [LoggerMessage(907, LogLevel.Warning, "Orchestrators had not come to a wait when the stop no longer waited; the next start goes on as after a kill")]
    public static partial void TurnsLeftRunning(this ILogger logger);
}
