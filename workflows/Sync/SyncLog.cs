using Microsoft.Extensions.Logging;

namespace Orchestrator.Workflows.Sync;

internal static partial class SyncLog
{
    /// <param name="level">Debug where nothing moved: the passes of a way back go on for a day.</param>
    [LoggerMessage(EventId = 600, Message = "Run {RunId}, data {Data}, pass {Pass}: copied {Copied} ({Bytes} bytes), deleted {Deleted}, left {Left}")]
    public static partial void BatchCopied(this ILogger logger, LogLevel level, string runId, string data, int pass, long copied, long deleted, long bytes, long left);

    [LoggerMessage(601, LogLevel.Information, "Run {RunId}, data {Data}: target container created")]
    public static partial void TargetCreated(this ILogger logger, string runId, string data);

    [LoggerMessage(602, LogLevel.Information, "Run {RunId}, data {Data}: target container removed")]
    public static partial void TargetRemoved(this ILogger logger, string runId, string data);

    [LoggerMessage(603, LogLevel.Information, "Run {RunId}, data {Data}: target marked live")]
    public static partial void TargetLive(this ILogger logger, string runId, string data);

    [LoggerMessage(604, LogLevel.Information, "Run {RunId}, data {Data}: the way back was tried with {Bytes} bytes")]
    public static partial void ReverseTried(this ILogger logger, string runId, string data, long bytes);

    [LoggerMessage(605, LogLevel.Information, "Run {RunId}: final delta copied {Copied}, deleted {Deleted}, left {Remaining} in {ElapsedMs} ms")]
    public static partial void FinalDeltaDone(this ILogger logger, string runId, long copied, long deleted, long remaining, long elapsedMs);

    [LoggerMessage(606, LogLevel.Warning, "Run {RunId}, data {Data}: {Conflicts} objects were changed on both sides and kept at the source")]
    public static partial void ReverseConflicts(this ILogger logger, string runId, string data, long conflicts);

    /// <param name="level">Debug where nothing moved and nothing lags.</param>
    [LoggerMessage(EventId = 607, Message = "Run {RunId}, data {Data}: pass {Pass} moved {Moved}, lag {Lag}")]
    public static partial void PassFinished(this ILogger logger, LogLevel level, string runId, string data, int pass, long moved, TimeSpan lag);

    [LoggerMessage(608, LogLevel.Warning, "Run {RunId}, data {Data}: {PutBack} objects that something else had changed at the target were put back")]
    public static partial void TargetPutBack(this ILogger logger, string runId, string data, long putBack);

    [LoggerMessage(609, LogLevel.Warning, "Run {RunId}, data {Data}: {Conflicts} objects were changed on both sides and left as they are")]
    public static partial void ForwardConflicts(this ILogger logger, string runId, string data, long conflicts);

    [LoggerMessage(612, LogLevel.Information, "Run {RunId}, data {Data}: target shared with customers: {Shared}")]
    public static partial void TargetShared(this ILogger logger, string runId, string data, bool shared);

    [LoggerMessage(613, LogLevel.Warning, "Run {RunId}, data {Data}: {Conflicts} objects were changed on both sides while both served customers, and left as they are")]
    public static partial void SharedConflicts(this ILogger logger, string runId, string data, long conflicts);

    [LoggerMessage(610, LogLevel.Warning, "Run {RunId}: how far the step {Step} is could not be written; it goes on without")]
    public static partial void ProgressUntold(this ILogger logger, Exception cause, string runId, string step);

    [LoggerMessage(614, LogLevel.Warning, "Run {RunId}: whether it is throttled could not be read; what was read before goes on to hold")]
    public static partial void ThrottleUnread(this ILogger logger, Exception cause, string runId);

    [LoggerMessage(611, LogLevel.Warning, "Run {RunId}, data {Data}: pass {Pass} moved {Moved}, lag {Lag}, and the last passes came no closer")]
    public static partial void SyncStalled(this ILogger logger, string runId, string data, int pass, long moved, TimeSpan lag);
}
