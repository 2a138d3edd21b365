using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
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
    private const int MostBatches = 1000;
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
            var copied = await CopyBackAsync(context, input);

            DateTimeOffset? pausedAt = null;
            if (side.WritePauseLimit is not null)
            {
                saga.OnFailure(nameof(ResumeWrites), new WritesOrder(side.Hold, side.HostName, On: false));
                pausedAt = (await context.CallActivityAsync<WritesAnswer>(nameof(PauseWrites), new WritesOrder(side.Hold, side.HostName, On: true), Retry.Swift)).At;
            }
            copied += await CopyBackAsync(context, input);
            await Converge.UntilAsync(
                context, nameof(MakeSlotLive), operation => new SwapOrder(side.Hold, side.Slot, sides, operation), Limit, CutOverCodes.SwapUnknown, Retry.Standard);

            DateTimeOffset? resumedAt = side.WritePauseLimit is null
                ? null
                : (await context.CallActivityAsync<WritesAnswer>(nameof(ResumeWrites), new WritesOrder(side.Hold, side.HostName, On: false), Retry.Patient)).At;
            return new GoBackResult(copied, resumedAt - pausedAt);
        }
        catch (Exception)
        {
            await saga.CompensateAsync();
            throw;
        }
    }

    private static async Task<long> CopyBackAsync(TaskOrchestrationContext context, GoBackInput input)
    {
        var copied = await Task.WhenAll(input.CutOver.Data.Where(d => d.Reverse).Select(d => CopyBackAsync(context, input, d)));
        return copied.Sum();
    }

    // Until a whole pass leaves nothing: what changed under it is carried by the next.
    private static async Task<long> CopyBackAsync(TaskOrchestrationContext context, GoBackInput input, DataSet data)
    {
        var (copied, left, cursor) = (0L, 0L, (PassCursor?)null);
        for (var batches = 0; batches < MostBatches; batches++)
        {
            var batch = await context.CallActivityAsync<ReverseDeltaResult>(
                nameof(ReverseDelta), new ReverseDeltaInput(input.CutOver.Hold.RunId, data, input.SwappedAt, cursor), Retry.Standard);
            if (batch.Conflicts > 0)
                throw new PermanentFailureException(CutOverCodes.Conflicts, $"{batch.Conflicts} objects of {data.Name} changed on both sides since the swap, the first: {batch.ConflictNames.ElementAtOrDefault(0)}. Nothing was swapped back.");
            copied += batch.Copied + batch.Deleted;
            left += batch.Left;
            cursor = batch.Cursor;
            if (!batch.FinishedPass) continue;
            if (left == 0) return copied;
            left = 0;
        }
        throw new PermanentFailureException(CutOverCodes.DataNotEqual, $"{data.Name} changes faster than it can be copied back. Nothing was swapped back.");
    }
}

public sealed record GoBackInput(CutOverInput CutOver, Sides Sides, DateTimeOffset SwappedAt);

/// <param name="ObjectsCopiedBack">What customers wrote to the new side and the old one now has.</param>
public sealed record GoBackResult(long ObjectsCopiedBack, TimeSpan? WritePause);
