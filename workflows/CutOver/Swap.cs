using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.CutOver;

/// <summary>Swaps, and finds out for certain how it went: what follows, in either direction, depends on nothing else.</summary>
internal static class Swap
{
    // While this lasts writes are paused; a swap after a preview only switches the routes.
    private static readonly TimeSpan SwapLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private const int LooksToBelieveOld = 2;

    public static async Task<SwapOutcome> TryAsync(TaskOrchestrationContext context, SwapOrder order)
    {
        try
        {
            await Converge.UntilAsync(
                context, nameof(MakeSlotLive), operation => order with { Operation = operation }, SwapLimit, CutOverCodes.SwapUnknown, Retry.Swift);
            return new SwapOutcome(LiveSide.New, Why: null);
        }
        catch (Exception failure) when (failure is TaskFailedException or PermanentFailureException)
        {
            return await SettleAsync(context, order) with { Why = FailureCode.Explain(failure).Detail };
        }
    }

    /// <summary>Finds out how a swap went that was asked for, and asks for nothing.</summary>
    public static async Task<SwapOutcome> SettleAsync(TaskOrchestrationContext context, SwapOrder order)
    {
        var live = await LookUntilSureAsync(context, order);
        return new SwapOutcome(live, live == LiveSide.New ? null : live == LiveSide.Old ? "production still runs what it ran before" : "the site does not say which side it runs");
    }

    // One look at the old content may come just before a swap takes effect: it is believed when a second one, later, agrees.
    private static async Task<LiveSide> LookUntilSureAsync(TaskOrchestrationContext context, SwapOrder order)
    {
        var deadline = context.CurrentUtcDateTime + SettleLimit;
        var old = 0;
        while (true)
        {
            var live = await LookAsync(context, order);
            old = live == LiveSide.Old ? old + 1 : 0;
            if (live == LiveSide.New || old == LooksToBelieveOld) return live;
            if (context.CurrentUtcDateTime > deadline) return LiveSide.Unknown;
            await context.CreateTimer(BetweenLooks, CancellationToken.None);
        }
    }

    private static async Task<LiveSide> LookAsync(TaskOrchestrationContext context, SwapOrder order)
    {
        try
        {
            return await context.CallActivityAsync<LiveSide>(nameof(ReadLiveSide), order, Retry.Swift);
        }
        catch (TaskFailedException)
        {
            return LiveSide.Unknown;
        }
    }
}

/// <param name="Live">Old only when that is certain.</param>
/// <param name="Why">What went wrong on the way; null when nothing did.</param>
internal sealed record SwapOutcome(LiveSide Live, string? Why);
