using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>
/// Logs every run that has not ended, every five minutes, and what it waits for: a run that stands still says nothing by itself, and alerts are made of what is logged.
/// </summary>
public sealed class LogOpenRuns(RunLister lister, TimeProvider time, ILogger<LogOpenRuns> logger)
{
    /// <summary>Second, minute, hour, day, month, day of the week.</summary>
    public const string Schedule = "0 */5 * * * *";

    [Function(nameof(LogOpenRuns))]
    public async Task RunAsync([TimerTrigger(Schedule)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await foreach (var run in lister.RunningAsync(client, cancellationToken))
            Log(run.View);
    }

    private void Log(RunView run)
    {
        // A success whose way back is open has ended for people, and its instance lives on.
        if (RunStatus.IsEnd(run.Status))
            return;
        var step = run.Steps.LastOrDefault(seen => seen.Status == StepStatus.Running)?.Name ?? StepNames.Plan;
        logger.RunOpen(run.Id, run.Status, step, Minutes(run.CreatedAt));
        if (run.PendingApproval is { } approval)
            logger.ApprovalWaits(run.Id, Minutes(approval.AskedAt ?? run.UpdatedAt), approval.Id, approval.Approvals, approval.Quorum, (int)(approval.ExpiresAt - time.GetUtcNow()).TotalMinutes);
        if (run.PendingDecision is { } decision)
            logger.DecisionWaits(run.Id, Minutes(decision.AskedAt ?? run.UpdatedAt), decision.Id, decision.Step, decision.Severity, decision.Error.Code);
    }

    private int Minutes(DateTimeOffset since) => (int)(time.GetUtcNow() - since).TotalMinutes;
}
