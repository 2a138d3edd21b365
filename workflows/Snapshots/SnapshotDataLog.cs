using Microsoft.Extensions.Logging;

namespace Orchestrator.Workflows.Snapshots;

internal static partial class SnapshotDataLog
{
    [LoggerMessage(700, LogLevel.Information, "Run {RunId}, data {Data}: snapshot part {Part} written, {Objects} objects, {Bytes} bytes")]
    public static partial void PartWritten(this ILogger logger, string runId, string data, int part, long objects, long bytes);

    [LoggerMessage(701, LogLevel.Information, "Run {RunId}: snapshot of {Objects} objects, {Bytes} bytes sealed, manifest {Sha256}")]
    public static partial void SnapshotSealed(this ILogger logger, string runId, long objects, long bytes, string sha256);

    [LoggerMessage(702, LogLevel.Information, "Run {RunId}: {Sampled} objects, {Bytes} bytes restored and compared")]
    public static partial void RestoreTested(this ILogger logger, string runId, int sampled, long bytes);
}
