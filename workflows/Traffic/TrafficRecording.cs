using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Traffic;

/// <summary>Keeps the result of the steps for the report. A report without it is no reason to stop a cut-over: the audit log tells of it then.</summary>
internal static class TrafficRecording
{
    /// <param name="key">The same for every call that goes on with the same steps.</param>
    public static async Task KeepAsync(TaskOrchestrationContext context, RunProgress run, string runId, string key, TrafficResult result)
    {
        try
        {
            await context.CallActivityAsync(nameof(RecordTraffic), new RecordTrafficOrder(runId, key, result), Retry.Standard);
        }
        catch (TaskFailedException failure)
        {
            var (code, detail) = FailureCode.Explain(failure);
            await run.AuditAsync("orchestrator", "trafficNotRecorded", $"{code}: {detail}");
        }
    }
}
