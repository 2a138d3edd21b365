using Microsoft.Extensions.Logging;

namespace Orchestrator.Workflows.Verification;

internal static partial class CompareDataLog
{
    [LoggerMessage(800, LogLevel.Information, "Run {RunId}, data {Data}: {Compared} objects compared, {Mismatches} differ, {Lagging} lag")]
    public static partial void BatchCompared(this ILogger logger, string runId, string data, long compared, long mismatches, long lagging);

    [LoggerMessage(801, LogLevel.Information, "Run {RunId}, data {Data}, round {Round}: {Compared} objects compared, {Mismatches} differ, {Lagging} lag")]
    public static partial void RoundCompared(this ILogger logger, string runId, string data, int round, long compared, long mismatches, long lagging);

    [LoggerMessage(802, LogLevel.Warning, "Run {RunId}, data {Data}: {Belied} of the objects read have another MD5 stored than their content has")]
    public static partial void Md5Belied(this ILogger logger, string runId, string data, long belied);

    [LoggerMessage(803, LogLevel.Warning, "Run {RunId}, data {Data}, round {Round}: the stored MD5s are not trusted; every object is read")]
    public static partial void Md5NotTrusted(this ILogger logger, string runId, string data, int round);
}
