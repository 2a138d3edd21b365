using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Provisioning;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.CutOver;

/// <summary>
/// Makes the slot's content live: preview, checks, write pause, final delta, journal entry, swap, writes on. A failure before the
/// journal entry restores everything and is thrown; after it the swap is finished, unless it is certain that it never took effect.
/// </summary>
public static class CutOverOrchestrator
{
    private static readonly TimeSpan PreviewLimit = TimeSpan.FromMinutes(10);
    private const int MostPasses = 5;
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromMinutes(3);

    [Function(nameof(CutOverOrchestrator))]
    public static async Task<CutOverResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, CutOverInput input)
    {
        var saga = new Saga(context);
        try
        {
            DemandFresh(context, input);
            var sides = await context.CallActivityAsync<Sides>(nameof(ReadSides), input, Retry.Standard);
            await PreviewAsync(context, input, saga);
            DemandFresh(context, input);

            var pausedAt = await PauseWritesAsync(context, input, saga);
            var final = await CatchUpAsync(context, input, pausedAt);
            DemandWithinLimit(context, input, pausedAt);

            await RecordAsync(context, input, JournalEntry.Begun, sides, Retry.Swift);
            await SwapAsync(context, input, sides, pausedAt, saga);
            return await FinishAsync(context, input, sides, pausedAt, final);
        }
        catch (Exception cause)
        {
            await saga.RestoreAsync(cause);
            throw;
        }
    }

    // The preview may take minutes: what was verified must still count when production is about to be touched.
    private static void DemandFresh(TaskOrchestrationContext context, CutOverInput input)
    {
        if (input.VerifiedUntil is { } until && context.CurrentUtcDateTime > until.UtcDateTime)
            throw new PermanentFailureException(VerifyCodes.Stale, $"The verification went stale at {until:O}, before writes were paused. Nothing was swapped.");
    }

    private static async Task PreviewAsync(TaskOrchestrationContext context, CutOverInput input, Saga saga)
    {
        saga.OnFailure(nameof(CancelPreview), new PreviewOrder(input.Hold, input.Slot));
        await Converge.UntilAsync(
            context, nameof(ApplyPreview), _ => new PreviewOrder(input.Hold, input.Slot), PreviewLimit, CutOverCodes.PreviewFailed, Retry.Standard);
        await Converge.UntilAsync(
            context, nameof(WarmSlot), _ => new WarmOrder(input.SlotHostName, input.HealthCheckPath), PreviewLimit, CutOverCodes.PreviewFailed, Retry.Standard);

        var checks = await context.CallActivityAsync<IReadOnlyList<CheckResult>>(nameof(CheckSlot), new ProbeOrder(input.Hold.RunId, input.SlotHostName), Retry.Standard);
        if (checks.FirstOrDefault(c => c.Fault is not null) is { } failed)
            throw new PermanentFailureException(CutOverCodes.ChecksFailed, $"With production's settings the check {failed.Name} ({failed.Path}) {failed.Fault}.");
        if (input.Data.Count > 0) await DemandShortPauseAsync(context, input);
    }

    // What changed since the verification is copied now, until a pass is so quick that the pause, which needs one more, can keep its limit.
    private static async Task DemandShortPauseAsync(TaskOrchestrationContext context, CutOverInput input)
    {
        var longest = (input.WritePauseLimit ?? CatchUpLimit) / 2;
        var took = TimeSpan.MaxValue;
        for (var pass = 0; pass < MostPasses && took > longest; pass++)
            took = TimeSpan.FromMilliseconds((await DeltaAsync(context, input, CatchUpLimit, Retry.Standard, full: pass == 0)).ElapsedMs);
        if (took > longest)
            throw new PermanentFailureException(CutOverCodes.PauseTooLong, $"A last pass over the data takes {took.TotalSeconds:0.0} s: too long for a write pause of at most {input.WritePauseLimit?.TotalSeconds:0.#} s, so writes were not paused.");
    }

    private static async Task<DateTimeOffset?> PauseWritesAsync(TaskOrchestrationContext context, CutOverInput input, Saga saga)
    {
        if (input.WritePauseLimit is null) return null;
        saga.OnFailure(nameof(ResumeWrites), new WritesOrder(input.Hold, input.HostName, On: false));
        return (await context.CallActivityAsync<WritesAnswer>(nameof(PauseWrites), new WritesOrder(input.Hold, input.HostName, On: true), Retry.Swift)).At;
    }

    // Writes have stopped: one pass carries the rest, and a second look must find nothing.
    private static async Task<long> CatchUpAsync(TaskOrchestrationContext context, CutOverInput input, DateTimeOffset? pausedAt)
    {
        if (input.Data.Count == 0) return 0;
        var copied = 0L;
        while (true)
        {
            var left = pausedAt is { } since && input.WritePauseLimit is { } limit ? limit - (context.CurrentUtcDateTime - since.UtcDateTime) : CatchUpLimit;
            if (left <= TimeSpan.Zero) DemandWithinLimit(context, input, pausedAt);
            var delta = await DeltaAsync(context, input, left, Retry.Swift);
            copied += delta.Copied;
            if (delta.Remaining == 0) return copied;
            DemandWithinLimit(context, input, pausedAt, $"{delta.Remaining} objects still differed, the first: {delta.Mismatches.ElementAtOrDefault(0)}");
        }
    }

    private static Task<FinalDeltaResult> DeltaAsync(TaskOrchestrationContext context, CutOverInput input, TimeSpan limit, TaskOptions retry, bool full = false) =>
        context.CallActivityAsync<FinalDeltaResult>(nameof(FinalDelta), new FinalDeltaInput(input.Hold.RunId, [.. input.Data], context.CurrentUtcDateTime, limit, full), retry);

    private static void DemandWithinLimit(TaskOrchestrationContext context, CutOverInput input, DateTimeOffset? pausedAt, string? why = null)
    {
        if (pausedAt is { } since && context.CurrentUtcDateTime - since.UtcDateTime > input.WritePauseLimit)
            throw new PermanentFailureException(CutOverCodes.PauseTooLong, $"Writes were paused longer than the limit of {input.WritePauseLimit} before the swap{(why is null ? "" : $": {why}")}. Nothing was swapped.");
    }

    /// <summary>Past the journal entry: only when the swap certainly did not happen is anything undone.</summary>
    private static async Task SwapAsync(TaskOrchestrationContext context, CutOverInput input, Sides sides, DateTimeOffset? pausedAt, Saga saga)
    {
        var swap = await Swap.TryAsync(context, input.Hold, input.Slot, sides, pausedAt + input.WritePauseLimit);
        if (swap.Live != LiveSide.Old) saga.Forget();
        if (swap.Live == LiveSide.New) return;
        if (swap.Live == LiveSide.Unknown)
            throw new PermanentFailureException(CutOverCodes.SwapUnknown, $"It is not known which side is live after a swap that failed, and writes may still be paused: {swap.Why}");
        await RecordAsync(context, input, JournalEntry.Abandoned, sides, Retry.Patient);
        throw new PermanentFailureException(CutOverCodes.SwapFailed, $"The swap did not take place, production is unchanged: {swap.Why}");
    }

    private static async Task<CutOverResult> FinishAsync(
        TaskOrchestrationContext context, CutOverInput input, Sides sides, DateTimeOffset? pausedAt, long copied)
    {
        // The marks do not wait for the switch, nor the other way round: whatever fails, the other is done.
        var marks = input.Data.Select(d => context.CallActivityAsync(nameof(MarkTargetLive), new TargetContainerInput(input.Hold.RunId, d), Retry.Patient)).ToList();
        var resumed = input.WritePauseLimit is null
            ? null
            : context.CallActivityAsync<WritesAnswer>(nameof(ResumeWrites), new WritesOrder(input.Hold, input.HostName, On: false), Retry.Patient);
        await Task.WhenAll([.. marks, resumed ?? Task.CompletedTask]);

        var swappedAt = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
        await RecordAsync(context, input, JournalEntry.Swapped, sides, Retry.Patient);
        return new CutOverResult(sides, resumed is null ? null : (await resumed).At - pausedAt, copied, swappedAt);
    }

    private static Task RecordAsync(TaskOrchestrationContext context, CutOverInput input, string kind, Sides sides, TaskOptions retry) =>
        context.CallActivityAsync(nameof(RecordJournal), new JournalEntry(input.Hold.RunId, kind, sides, context.CurrentUtcDateTime, input.Hold.Fence), retry);
}
