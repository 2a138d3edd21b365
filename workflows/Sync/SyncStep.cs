using Microsoft.DurableTask;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// The step sync: all targets are brought into step, and the way back is tried before it is needed. Where a source changes faster than it can be copied
/// a person decides: more passes, or undo.
/// </summary>
/// <param name="wayBackTried">Gets the names of the data sets whose way back was tried.</param>
internal sealed class SyncStep(TaskOrchestrationContext context, RunProgress run, RunControl control, DecisionInbox inbox, List<string> wayBackTried)
{
    private static readonly string[] Choices = [DecisionChoice.Retry, DecisionChoice.Abort];

    /// <returns>Null when all is in step; else how the question ended that stopped it.</returns>
    public async Task<DecisionOutcome?> RunAsync(SyncInput order)
    {
        if (order.Data.Length == 0) return null;
        for (var attempt = 1; ; attempt++)
        {
            var child = new SubOrchestrationOptions(instanceId: attempt == 1 ? $"{order.RunId}:{StepNames.Sync}" : $"{order.RunId}:{StepNames.Sync}:{attempt}");
            var result = await context.CallSubOrchestratorAsync<SyncResult>(nameof(SyncOrchestrator), order, child);
            run.Figures = run.Figures with
            {
                ObjectsCopied = result.Objects, BytesCopied = result.Bytes, LagMs = (long)result.Data.Max(data => data.Lag.TotalMilliseconds),
            };
            if (result.Paused)
            {
                await control.GoOnAsync();
                if (control.Cancelled.IsCompleted) return null;
                order = order with { Progress = result.Remaining };
                continue;
            }

            if (result.Stalled is not { } stall) break;

            var question = new DecisionQuestion(run, inbox, StepNames.Sync, DecisionSeverity.Sev3, Choices, new DecisionError(SyncCodes.NotConverging, stall.ToString()));
            var outcome = await question.AskAsync(control.Cancelled);
            if (outcome.Choice != DecisionChoice.Retry) return outcome;
            order = order with { Progress = result.Remaining };
        }

        await Task.WhenAll(order.Data.Where(data => data.Reverse).Select(data => TryReverseAsync(order.RunId, data)));
        return null;
    }

    private async Task TryReverseAsync(string runId, DataSet data)
    {
        await context.CallActivityAsync<TryReverseResult>(nameof(TryReverse), new TargetContainerInput(runId, data), Retry.Patient);
        wayBackTried.Add(data.Name);
    }
}
