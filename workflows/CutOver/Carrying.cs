using Microsoft.DurableTask;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.CutOver;

/// <summary>Brings the side that is about to be live into the state of the other: first with writes on, then the rest in the pause.</summary>
internal sealed class Carrying(TaskOrchestrationContext context, SwapOverInput input)
{
    private const int MostPasses = 5;
    private const int PassesBack = 3;
    private const double StillGains = 0.75;
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromMinutes(3);

    private readonly IReadOnlyList<DataSet> data = input.CutOver.Data;

    private bool IsBack => input.Direction == SwapDirection.Back;

    /// <summary>What changed lately is carried, until a pass is so quick that the pause, which needs one more, can keep its limit, and another would be hardly quicker.</summary>
    /// <exception cref="PermanentFailureException">MIG0301 or MIG0319: it takes too long; MIG0309: objects changed on both sides. Writes were not paused.</exception>
    public async Task<long> WithWritesOnAsync()
    {
        if (data.Count == 0) return 0;
        var carried = IsBack ? (await Task.WhenAll(data.Select(CopyBackAsync))).Sum() : 0;
        var longest = (input.PauseLimit ?? CatchUpLimit) / 2;
        var (before, took) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var pass = 0; pass < MostPasses && (pass == 0 || took > longest || took < before * StillGains); pass++)
        {
            var delta = await DeltaAsync(CatchUpLimit, Retry.Standard, full: pass == 0 && !IsBack);
            carried += delta.Copied;
            (before, took) = (took, TimeSpan.FromMilliseconds(delta.ElapsedMs));
        }

        if (took <= longest) return carried;
        throw new PermanentFailureException(
            IsBack ? CutOverCodes.ReverseLags : CutOverCodes.PauseTooLong,
            $"A last pass over the data takes {took.TotalSeconds:0.0} s: too long for a write pause of at most {input.PauseLimit?.TotalSeconds:0.#} s, so writes were not paused.");
    }

    /// <summary>Writes have stopped: passes carry the rest until one leaves nothing, or the limit is reached.</summary>
    public async Task<long> InPauseAsync(WritesAnswer? pause)
    {
        if (data.Count == 0) return 0;
        var carried = 0L;
        while (true)
        {
            var left = pause is not null && input.PauseLimit is { } limit ? limit - Since(pause) : CatchUpLimit;
            if (left <= TimeSpan.Zero) DemandWithinLimit(pause);
            var delta = await DeltaAsync(left, Retry.Swift, pauseSeen: pause is { Seen: true });
            carried += delta.Copied;
            if (delta.Remaining == 0) return carried;
            DemandWithinLimit(pause, $"{delta.Remaining} objects still differed, the first: {delta.Mismatches.ElementAtOrDefault(0)}");
        }
    }

    /// <exception cref="PermanentFailureException">MIG0301: the pause has reached its limit.</exception>
    public void DemandWithinLimit(WritesAnswer? pause, string? why = null)
    {
        if (pause is not null && Since(pause) > input.PauseLimit)
            throw new PermanentFailureException(CutOverCodes.PauseTooLong, $"Writes were paused longer than the limit of {input.PauseLimit?.TotalSeconds:0.#} s before the swap{(why is null ? "" : $": {why}")}. Nothing was swapped.");
    }

    private TimeSpan Since(WritesAnswer pause) => context.CurrentUtcDateTime - pause.At.UtcDateTime;

    private Task<FinalDeltaResult> DeltaAsync(TimeSpan limit, TaskOptions retry, bool full = false, bool pauseSeen = false) =>
        context.CallActivityAsync<FinalDeltaResult>(
            nameof(FinalDelta), new FinalDeltaInput(input.CutOver.Hold.RunId, [.. data], context.CurrentUtcDateTime, limit, full, IsBack, pauseSeen), retry);

    /// <summary>In bounded batches, and looking at both sides first: much may have been written since the cut-over.</summary>
    private async Task<long> CopyBackAsync(DataSet set)
    {
        var (carried, left, passes, cursor) = (0L, 0L, 0, (string?)null);
        while (true)
        {
            var batch = await context.CallActivityAsync<ReverseDeltaResult>(
                nameof(ReverseDelta), new ReverseDeltaInput(input.CutOver.Hold.RunId, set, context.CurrentUtcDateTime, cursor, Full: passes == 0), Retry.Standard);
            if (batch.Conflicts > 0)
                throw new PermanentFailureException(CutOverCodes.Conflicts, $"{batch.Conflicts} objects of {set.Name} changed on both sides since the swap, the first: {batch.ConflictNames.ElementAtOrDefault(0)}. Nothing was swapped back.");
            (carried, left, cursor) = (carried + batch.Copied + batch.Deleted, left + batch.Left, batch.Cursor);
            if (!batch.FinishedPass) continue;
            if (left == 0 || ++passes == PassesBack) return carried;
            left = 0;
        }
    }
}
