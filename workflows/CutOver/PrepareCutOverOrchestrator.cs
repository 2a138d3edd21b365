using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Provisioning;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.CutOver;

/// <summary>
/// Everything that a cut-over wants before production is touched: the copy in step again, each condition looked at, the swap in preview, the slot warm
/// and its checks passed with production's settings. The caller has the preview's undo on its saga.
/// </summary>
public static class PrepareCutOverOrchestrator
{
    internal static readonly TimeSpan PreviewLimit = TimeSpan.FromMinutes(10);

    private const int Looks = 6;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(3);

    [Function(nameof(PrepareCutOverOrchestrator))]
    public static async Task<PrepareResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, PrepareInput input)
    {
        var (order, terms) = (input.CutOver, input.Terms);
        var sync = await CatchUpAsync(context, input);
        if (sync.Stalled is { } stall) return new PrepareResult(Sides: null, new Refusal(CutOverCodes.Lags, stall.ToString()));
        if (await RefusalAsync(context, new ReadinessOrder(order, terms, sync.Data)) is { } refusal) return new PrepareResult(Sides: null, refusal);

        var sides = await context.CallActivityAsync<Sides>(nameof(ReadSides), order, Retry.Standard);
        await PreviewAsync(context, order);
        await CheckAsync(context, order);
        return new PrepareResult(sides, Refusal: null);
    }

    // An operation that is about to end, or one answer of a site that stumbled, is no reason to ask people.
    private static async Task<Refusal?> RefusalAsync(TaskOrchestrationContext context, ReadinessOrder order)
    {
        for (var look = 1; ; look++)
        {
            var refusals = await context.CallActivityAsync<IReadOnlyList<Refusal>>(nameof(CheckReadiness), order, Retry.Standard);
            if (refusals is not [var first, ..]) return null;
            if (look == Looks || first.Code is not (CutOverCodes.NotWarm or CutOverCodes.OtherSwap)) return first;
            await context.CreateTimer(BetweenLooks, CancellationToken.None);
        }
    }

    /// <summary>People may have thought for days: what changed meanwhile is carried in as many batches as it takes.</summary>
    private static async Task<SyncResult> CatchUpAsync(TaskOrchestrationContext context, PrepareInput input) => input.CutOver.Data.Count == 0
        ? new SyncResult([])
        : await context.CallSubOrchestratorAsync<SyncResult>(
            nameof(SyncOrchestrator),
            new SyncInput(input.CutOver.Hold.RunId, [.. input.CutOver.Data], input.TotalObjects, input.TotalBytes),
            new SubOrchestrationOptions(instanceId: $"{context.InstanceId}:sync"));

    internal static async Task PreviewAsync(TaskOrchestrationContext context, CutOverInput order)
    {
        await Converge.UntilAsync(
            context, nameof(ApplyPreview), _ => new PreviewOrder(order.Hold, order.Slot), PreviewLimit, CutOverCodes.PreviewFailed, Retry.Standard);
        await Converge.UntilAsync(
            context, nameof(WarmSlot), _ => new WarmOrder(order.SlotHostName, order.HealthCheckPath), PreviewLimit, CutOverCodes.PreviewFailed, Retry.Standard);
    }

    private static async Task CheckAsync(TaskOrchestrationContext context, CutOverInput order)
    {
        var checks = await context.CallActivityAsync<IReadOnlyList<CheckResult>>(nameof(CheckSlot), new ProbeOrder(order.Hold.RunId, order.SlotHostName), Retry.Standard);
        if (checks.FirstOrDefault(c => c.Fault is not null) is { } failed)
            throw new PermanentFailureException(CutOverCodes.ChecksFailed, $"With production's settings the check {failed.Name} ({failed.Path}) {failed.Fault}.");
    }
}
