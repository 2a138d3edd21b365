using Microsoft.Extensions.Logging;

namespace Orchestrator.Workflows.Migrations;

internal static partial class MigrationLog
{
    [LoggerMessage(200, LogLevel.Information, "Run {RunId}, step {Step}: {Status} after {ElapsedMs} ms")]
    public static partial void StepEnded(this ILogger logger, string runId, string step, string status, long elapsedMs);

    [LoggerMessage(201, LogLevel.Information,
        "Run {RunId} ended {Status} after {DurationMs} ms with {LeftBehind} left behind: write pause {WritePauseMs} ms, downtime {DowntimeMs} ms, failed probes {FailedProbes}, code {Code}")]
    public static partial void RunEnded(this ILogger logger, string runId, string status, long? durationMs, int leftBehind, long? writePauseMs, long? downtimeMs, long? failedProbes, string? code);

    [LoggerMessage(202, LogLevel.Warning, "Run {RunId}, not everybody was told of {What}: {Code}")]
    public static partial void NotTold(this ILogger logger, string runId, string what, string code);
}
