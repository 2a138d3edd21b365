using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>
/// Logs every run that has not ended, every five minutes, and what it waits for: a run that stands still says nothing by itself, and alerts are made of what is
/// logged. It is also who notices that the engine's store or the blobs are away while nobody calls.
/// </summary>
public sealed class LogOpenRuns(RunLister lister, IDocumentStore documents, TimeProvider time, ILogger<LogOpenRuns> logger)
{
    /// <summary>Second, minute, hour, day, month, day of the week.</summary>
    public const string Schedule = "0 */5 * * * *";

    // For each of the two looks: both end long before the next time.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // The longest write pause that a spec may allow; a swap that nothing disturbs is a matter of seconds.
    private static readonly TimeSpan LongSwap = TimeSpan.FromMinutes(2);

    [Function(nameof(LogOpenRuns))]
    public async Task RunAsync([TimerTrigger(Schedule)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await LookAsync("blobs", documents.CheckAsync, cancellationToken);
        await LookAsync("store", async patience =>
        {
            await foreach (var run in lister.RunningAsync(client, patience))
                Log(run.View);
        }, cancellationToken);
    }

    // The line is all that can be done about it: nobody waits for an answer, and the next look comes by itself.
    private async Task LookAsync(string part, Func<CancellationToken, Task> look, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await look(patience.Token);
        }
        catch (Exception unreachable) when (!cancellationToken.IsCancellationRequested)
        {
            logger.NotReady(unreachable, part);
        }
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
        else if (run.CutOver is { Phase: CutOverPhase.Swapping } swap && time.GetUtcNow() - (swap.Since ?? run.UpdatedAt) > LongSwap)
            logger.SwapSlow(run.Id, Minutes(swap.Since ?? run.UpdatedAt), swap.Attempt);
    }

    private int Minutes(DateTimeOffset since) => (int)(time.GetUtcNow() - since).TotalMinutes;
}
