using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Watching;

/// <summary>What a run does about its alert rules. However it fares, the run ends as it would have ended; the audit log and the report tell of it.</summary>
internal static class Alerting
{
    /// <summary>To be called when the watch has passed, while the run holds the site.</summary>
    public static Task EnsureAsync(TaskOrchestrationContext context, RunProgress run, AlertOrder order) =>
        TryAsync(context, run, order.Watch, nameof(EnsureAlerts), order, "alertsSet");

    /// <summary>To be called when the old version is live again, while the run holds the site.</summary>
    public static Task RemoveAsync(TaskOrchestrationContext context, RunProgress run, SiteHold hold, WatchSpec watch) =>
        TryAsync(context, run, watch, nameof(RemoveAlerts), new RemoveAlertsOrder(hold), "alertsRemoved");

    private static async Task TryAsync(TaskOrchestrationContext context, RunProgress run, WatchSpec watch, string activity, object order, string done)
    {
        if (watch.Alerts is null) return;
        try
        {
            var result = await context.CallActivityAsync<AlertResult>(activity, order, Retry.Standard);
            if (result.Rules.Count > 0) await run.AuditAsync("orchestrator", done, string.Join("; ", result.Rules.Select(rule => $"{rule.Name}: {rule.State}, {rule.Detail}")));
        }
        catch (TaskFailedException failure)
        {
            var (code, detail) = FailureCode.Explain(failure);
            await run.AuditAsync("orchestrator", "alertsFailed", $"{activity}: {code}: {detail}");
        }
    }
}
