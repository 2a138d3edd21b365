using Microsoft.Extensions.Logging;

namespace Orchestrator.Workflows.Verification;

internal static partial class CompareDataLog
{
    [LoggerMessage(800, LogLevel.Information, "Run {RunId}, data {Data}: {Compared} objects compared, {Mismatches} differ, {Lagging} lag")]
    public static partial void BatchCompared(this ILogger logger, string runId, string data, long compared, long mismatches, long lagging);

    [LoggerMessage(801, LogLevel.Information, "Run {RunId}, data {Data}, round {Round}: {Compared} objects compared, {Mismatches} differ, {Lagging} lag")]
    public static partial void RoundCompared(this ILogger logger, string runId, string data, int round, long compared, long mismatches, long lagging);
}
