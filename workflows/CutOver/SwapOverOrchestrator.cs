using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.CutOver;

/// <summary>
/// Makes the content of the slot live, in either direction: the last changes carried, writes paused, the rest carried, journal entry, swap, writes on.
/// A failure before the journal entry restores everything and is thrown; after it the swap is finished, unless it is certain that it never took effect.
/// </summary>
public static class SwapOverOrchestrator
{
    [Function(nameof(SwapOverOrchestrator))]
    public static async Task<SwapOverResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, SwapOverInput input)
    {
        var saga = new Saga(context);
        var carrying = new Carrying(context, input);
        try
        {
            if (input.Settles) return await SettleAsync(context, input, saga);
            var carried = await carrying.WithWritesOnAsync();
            var pause = await PauseWritesAsync(context, input, saga);
            carried += await carrying.InPauseAsync(pause);
            carrying.DemandWithinLimit(pause);

            await RecordAsync(context, input, JournalEntry.Begun, Retry.Swift);
            var swap = await Swap.TryAsync(context, Order(input, pause?.At + input.PauseLimit));
            return await JudgeAsync(context, input, saga, swap, pause, carried);
        }
        catch (Exception cause)
        {
            await saga.RestoreAsync(cause);
            throw;
        }
    }

    /// <summary>Goes on after the journal entry of an attempt whose end is not known.</summary>
    private static async Task<SwapOverResult> SettleAsync(TaskOrchestrationContext context, SwapOverInput input, Saga saga)
    {
        if (input.PauseLimit is not null) saga.OnFailure(nameof(ResumeWrites), Writes(input, on: false));
        return await JudgeAsync(context, input, saga, await Swap.SettleAsync(context, Order(input, askUntil: null)), pause: null, carried: 0);
    }

    private static async Task<WritesAnswer?> PauseWritesAsync(TaskOrchestrationContext context, SwapOverInput input, Saga saga)
    {
        if (input.PauseLimit is null) return null;
        saga.OnFailure(nameof(ResumeWrites), Writes(input, on: false));
        try
        {
            return await context.CallActivityAsync<WritesAnswer>(nameof(PauseWrites), Writes(input, on: true), Retry.Swift);
        }
        catch (TaskFailedException failure) when (FailureCode.Explain(failure) is (FailureCode.Unexpected, var detail))
        {
            throw new PermanentFailureException(CutOverCodes.PauseRefused, $"Writes could not be paused: {detail}");
        }
    }

    /// <summary>Past the journal entry: only when the swap certainly did not happen is anything undone.</summary>
    private static async Task<SwapOverResult> JudgeAsync(
        TaskOrchestrationContext context, SwapOverInput input, Saga saga, SwapOutcome swap, WritesAnswer? pause, long carried)
    {
        // While it is not known which side is live, taking writes on one of them could lose them.
        if (swap.Live != LiveSide.Old) saga.Forget();
        if (swap.Live == LiveSide.New) return await FinishAsync(context, input, pause?.At, carried);
        if (swap.Live == LiveSide.Unknown)
            throw new PermanentFailureException(CutOverCodes.SwapUnknown, $"It is not known which side is live after a swap that failed, and writes may still be paused: {swap.Why}");
        await RecordAsync(context, input, JournalEntry.Abandoned, Retry.Patient);
        throw new PermanentFailureException(CutOverCodes.SwapFailed, $"The swap did not take place, production is unchanged: {swap.Why}");
    }

    /// <summary>Customers come first. Whatever fails, the others are done, and what failed is told.</summary>
    private static async Task<SwapOverResult> FinishAsync(TaskOrchestrationContext context, SwapOverInput input, DateTimeOffset? pausedAt, long carried)
    {
        var swappedAt = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
        var unfinished = new List<UnfinishedCall>();
        DateTimeOffset? resumedAt = null;
        var resuming = input.PauseLimit is null
            ? Task.CompletedTask
            : TryAsync(nameof(ResumeWrites), null, async () => resumedAt = (await context.CallActivityAsync<WritesAnswer>(nameof(ResumeWrites), Writes(input, on: false), Retry.Patient)).At);
        // A little ahead of the others, but none waits for it when it hangs.
        using var ahead = new CancellationTokenSource();
        await Task.WhenAny(resuming, context.CreateTimer(TimeSpan.FromSeconds(1), ahead.Token));
        ahead.Cancel();
        var work = new List<Task> { resuming, TryAsync(nameof(RecordJournal), null, () => RecordAsync(context, input, JournalEntry.Done, Retry.Patient)) };
        if (input.Direction == SwapDirection.Forward)
            work.AddRange(input.CutOver.Data.Select(data => TryAsync(nameof(MarkTargetLive), data.Name, () =>
                context.CallActivityAsync(nameof(MarkTargetLive), new TargetContainerInput(input.CutOver.Hold.RunId, data), Retry.Patient))));
        await Task.WhenAll(work);
        return new SwapOverResult(input.Sides, resumedAt - pausedAt, carried, pausedAt, swappedAt, resumedAt, unfinished);

        async Task TryAsync(string activity, string? data, Func<Task> call)
        {
            try
            {
                await call();
            }
            catch (TaskFailedException failure)
            {
                var (code, detail) = FailureCode.Explain(failure);
                unfinished.Add(new UnfinishedCall(activity, data, code, detail));
            }
        }
    }

    private static SwapOrder Order(SwapOverInput input, DateTimeOffset? askUntil) =>
        new(input.CutOver.Hold, input.CutOver.Slot, input.Sides, AskUntil: askUntil, Attempt: input.Attempt);

    private static WritesOrder Writes(SwapOverInput input, bool on) => new(input.CutOver.Hold, input.CutOver.HostName, on);

    private static Task RecordAsync(TaskOrchestrationContext context, SwapOverInput input, string kind, TaskOptions retry) =>
        context.CallActivityAsync(
            nameof(RecordJournal),
            new JournalEntry(input.CutOver.Hold.RunId, kind, input.Sides, context.CurrentUtcDateTime, input.CutOver.Hold.Fence, input.Direction, input.Attempt),
            retry);
}
