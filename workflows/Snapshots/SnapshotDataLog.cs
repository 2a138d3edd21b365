using Microsoft.Extensions.Logging;

namespace Orchestrator.Workflows.Snapshots;

internal static partial class SnapshotDataLog
{
    [LoggerMessage(700, LogLevel.Information,
        "Run {RunId}, data {Data}: snapshot part {Part} written, {Objects} objects, {Bytes} bytes; {Copied} objects, {CopiedBytes} bytes of them copied")]
    public static partial void PartWritten(this ILogger logger, string runId, string data, int part, long objects, long bytes, long copied, long copiedBytes);

    [LoggerMessage(701, LogLevel.Information,
        "Run {RunId}: snapshot of {Objects} objects, {Bytes} bytes sealed, manifest {Sha256}; {Copied} objects, {CopiedBytes} bytes of them copied")]
    public static partial void SnapshotSealed(this ILogger logger, string runId, long objects, long bytes, string sha256, long copied, long copiedBytes);

    [LoggerMessage(702, LogLevel.Information, "Run {RunId}: {Sampled} objects, {Bytes} bytes restored and compared")]
    public static partial void RestoreTested(this ILogger logger, string runId, int sampled, long bytes);

    [LoggerMessage(703, LogLevel.Warning, "Container {Container} takes no immutability policies: {Status} {ErrorCode}")]
    public static partial void NotImmutable(this ILogger logger, string container, int status, string? errorCode);

    [LoggerMessage(704, LogLevel.Warning, "Run {RunId}, data {Data}: the newest snapshot, of run {BaseRunId}, cannot be read: {Code}. Nothing is taken from it")]
    public static partial void BaseLeft(this ILogger logger, string runId, string data, string baseRunId, string code);

    [LoggerMessage(705, LogLevel.Information,
        "Snapshot of run {RunId}, data {Data}: {Restored} objects, {Bytes} bytes restored, {Same} were there, {Conflicts} left for what is there now")]
    public static partial void BatchRestored(this ILogger logger, string runId, string data, long restored, long bytes, long same, long conflicts);

    [LoggerMessage(706, LogLevel.Information, "Run {RunId}: {Members} members of the configuration read back and compared with the site's")]
    public static partial void ConfigurationRestoreTested(this ILogger logger, string runId, int members);

    [LoggerMessage(707, LogLevel.Information, "Run {RunId}: {Members} members of the configuration restored, {Kept} kept as somebody else has set them")]
    public static partial void ConfigurationRestored(this ILogger logger, string runId, int members, int kept);
}
