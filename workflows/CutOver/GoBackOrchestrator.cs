using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Provisioning;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.CutOver;

/// <summary>
/// The way back after the cut-over: the old side warm, writes paused, what customers wrote meanwhile copied back, swapped back,
/// writes on. Throws only after production takes writes again, wherever it then runs.
/// </summary>
public static class GoBackOrchestrator
{
    private const int PassesBeforePause = 3;

    // Going back is for when the new version is broken: a longer pause than the cut-over's own is better than not going back.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    [Function(nameof(GoBackOrchestrator))]
    public static async Task<GoBackResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, GoBackInput input)
    {
        var side = input.CutOver;
        var saga = new Saga(context);
        try
        {
            // What was production now waits in the slot, and the other way round.
            var sides = new Sides(Production: input.Sides.Slot, Slot: input.Sides.Production);
            saga.OnFailure(nameof(CancelPreview), new PreviewOrder(side.Hold, side.Slot));
            await Converge.UntilAsync(context, nameof(ApplyPreview), _ => new PreviewOrder(side.Hold, side.Slot), Limit, CutOverCodes.PreviewFailed, Retry.Standard);
            await Converge.UntilAsync(context, nameof(WarmSlot), _ => new WarmOrder(side.SlotHostName, side.HealthCheckPath), Limit, CutOverCodes.PreviewFailed, Retry.Standard);
            // First with writes on, so that little is left: what still changes is carried in the pause.
            var copied = await CopyBackAsync(context, input, until: null);

            var pausedAt = await PauseWritesAsync(context, side, saga);
            copied += await CopyBackAsync(context, input, pausedAt is null ? null : context.CurrentUtcDateTime + LongestPause);
            var swap = await Swap.TryAsync(context, side.Hold, side.Slot, sides);
            // While it is not known which side is live, taking writes on one of them could lose them.
            if (swap.Live != LiveSide.Old) saga.Forget();
            if (swap.Live != LiveSide.New)
                throw new PermanentFailureException(swap.Live == LiveSide.Old ? CutOverCodes.SwapFailed : CutOverCodes.SwapUnknown, $"Production was not swapped back: {swap.Why}");

            DateTimeOffset? resumedAt = side.WritePauseLimit is null
                ? null
                : (await context.CallActivityAsync<WritesAnswer>(nameof(ResumeWrites), new WritesOrder(side.Hold, side.HostName, On: false), Retry.Patient)).At;
            return new GoBackResult(copied, resumedAt - pausedAt);
        }
        catch (Exception cause)
        {
            await saga.RestoreAsync(cause);
            throw;
        }
    }

    private static async Task<DateTimeOffset?> PauseWritesAsync(TaskOrchestrationContext context, CutOverInput side, Saga saga)
    {
        if (side.WritePauseLimit is null) return null;
        saga.OnFailure(nameof(ResumeWrites), new WritesOrder(side.Hold, side.HostName, On: false));
        return (await context.CallActivityAsync<WritesAnswer>(nameof(PauseWrites), new WritesOrder(side.Hold, side.HostName, On: true), Retry.Swift)).At;
    }

    private static async Task<long> CopyBackAsync(TaskOrchestrationContext context, GoBackInput input, DateTime? until)
    {
        var copied = await Task.WhenAll(input.CutOver.Data.Where(d => d.Reverse).Select(d => CopyBackAsync(context, input, d, until)));
        return copied.Sum();
    }

    // With writes on: a few passes, whatever they leave. In the pause: until a whole pass leaves nothing, or the time is up.
    private static async Task<long> CopyBackAsync(TaskOrchestrationContext context, GoBackInput input, DataSet data, DateTime? until)
    {
        var (copied, left, passes, cursor) = (0L, 0L, 0, (string?)null);
        while (until is null || context.CurrentUtcDateTime < until)
        {
            var batch = await context.CallActivityAsync<ReverseDeltaResult>(
                nameof(ReverseDelta), new ReverseDeltaInput(input.CutOver.Hold.RunId, data, context.CurrentUtcDateTime, cursor, Full: until is null && passes == 0), Retry.Standard);
            if (batch.Conflicts > 0)
                throw new PermanentFailureException(CutOverCodes.Conflicts, $"{batch.Conflicts} objects of {data.Name} changed on both sides since the swap, the first: {batch.ConflictNames.ElementAtOrDefault(0)}. Nothing was swapped back.");
            copied += batch.Copied + batch.Deleted;
            left += batch.Left;
            cursor = batch.Cursor;
            if (!batch.FinishedPass) continue;
            if (left == 0 || (until is null && ++passes == PassesBeforePause)) return copied;
            left = 0;
        }
        throw new PermanentFailureException(CutOverCodes.DataNotEqual, $"{data.Name} could not be copied back within {LongestPause} of paused writes. Nothing was swapped back.");
    }
}

public sealed record GoBackInput(CutOverInput CutOver, Sides Sides);

/// <param name="ObjectsCopiedBack">What customers wrote to the new side and the old one now has.</param>
public sealed record GoBackResult(long ObjectsCopiedBack, TimeSpan? WritePause);
