using Microsoft.DurableTask;
using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.CutOver;

/// <summary>
/// The way back after the cut-over, by the same journal in the other direction. Where it cannot begin, or does not come about, production is as it was
/// before it was tried, and takes writes.
/// </summary>
internal sealed class GoBackStep(TaskOrchestrationContext context, RunProgress run, DecisionInbox inbox)
{
    // When the new version is broken, a longer pause is better than not going back.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);
    private readonly SwapAttempts swaps = new(context, run, inbox, StepNames.Watch);
    private int tries;
    private int attempts;

    /// <param name="isUrgent">The new version fails: a pause beyond the limit is taken in the end.</param>
    public async Task<SwapAttempt> TryAsync(GoBackInput input, bool isUrgent)
    {
        var order = input.CutOver;
        var preview = new Saga(context);
        preview.OnFailure(nameof(CancelPreview), new PreviewOrder(order.Hold, order.Slot));
        if (order.WritePauseLimit is not null) preview.OnFailure(nameof(ResumeWrites), new WritesOrder(order.Hold, order.HostName, On: false));
        try
        {
            var prepared = await context.CallSubOrchestratorAsync<PrepareResult>(
                nameof(PrepareBackOrchestrator), input, new SubOrchestrationOptions(instanceId: $"{context.InstanceId}:back:{++tries}"));
            var attempt = prepared.Sides is { } sides ? await SwapAsync(order, sides, isUrgent) : new SwapAttempt(null, prepared.Refusal);
            if (attempt.Result is not null) return attempt;
            return await RestoredAsync(preview, attempt.Restored!);
        }
        catch (TaskFailedException failure)
        {
            var (code, detail) = FailureCode.Explain(failure);
            return await RestoredAsync(preview, new Refusal(code, detail));
        }
    }

    private async Task<SwapAttempt> SwapAsync(CutOverInput order, Sides sides, bool isUrgent)
    {
        IReadOnlyList<TimeSpan?> limits = order.WritePauseLimit is { } limit ? isUrgent ? [limit, limit, limit > LongestPause ? limit : LongestPause] : [limit, limit] : [null];
        var attempt = new SwapAttempt(null, null);
        foreach (var longest in limits)
        {
            attempt = await swaps.RunAsync(new SwapOverInput(order, SwapDirection.Back, sides, ++attempts, longest), $"{context.InstanceId}:swapBack:{attempts}");
            if (attempt.Result is not null || !CutOverCodes.IsPauseTrouble(attempt.Restored!.Code)) break;
        }

        return attempt;
    }

    private static async Task<SwapAttempt> RestoredAsync(Saga preview, Refusal why)
    {
        var left = await preview.CompensateAsync();
        return left.Count == 0
            ? new SwapAttempt(null, why)
            : new SwapAttempt(null, why with { Detail = $"{why.Detail} Not restored: {string.Join("; ", left.Select(l => $"{l.Undo} ({l.Code}: {l.Detail})"))}" });
    }
}
