using Microsoft.DurableTask;
using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.CutOver;

/// <summary>
/// Swaps, in either direction, and leaves no doubt about how it ended: either the side is live and everything that belongs to it done, or all is as it
/// was before. What neither a repetition nor an undo settles is asked of a person.
/// </summary>
internal sealed class SwapAttempts(TaskOrchestrationContext context, RunProgress run, DecisionInbox inbox, string step)
{
    private static readonly string[] DoubtChoices = [DecisionChoice.Retry, DecisionChoice.Abort];
    private static readonly string[] RestChoices = [DecisionChoice.Retry, DecisionChoice.Done, DecisionChoice.Skip];
    private static readonly Task<CancelRequest> Never = new TaskCompletionSource<CancelRequest>().Task;

    /// <exception cref="PermanentFailureException">MIG0308: it is not known which side is live, and a person gave it up.</exception>
    public async Task<SwapAttempt> RunAsync(SwapOverInput input, string child)
    {
        // Until it is known otherwise: a failure of anything that follows must not undo what may be live.
        var wasPast = run.PastReturn;
        run.PastReturn = true;
        try
        {
            return await FinishAsync(input, await CallAsync(input, child));
        }
        catch (TaskFailedException failure)
        {
            var (code, detail) = FailureCode.Explain(failure);
            for (var look = 1; ; look++)
            {
                var live = await LookAsync(input);
                if (live == LiveSide.Old)
                {
                    run.PastReturn = wasPast;
                    return new SwapAttempt(null, new Refusal(code, detail));
                }

                if (live == LiveSide.New && await TrySettleAsync(input, $"{child}:settle{look}") is { } settled) return await FinishAsync(input, settled);
                await AskWhichAsync(detail);
            }
        }
    }

    private Task<SwapOverResult> CallAsync(SwapOverInput input, string child) =>
        context.CallSubOrchestratorAsync<SwapOverResult>(nameof(SwapOverOrchestrator), input, new SubOrchestrationOptions(instanceId: child));

    private async Task<LiveSide> LookAsync(SwapOverInput input)
    {
        try
        {
            return await context.CallActivityAsync<LiveSide>(nameof(ReadProductionSide), input, Retry.Patient);
        }
        catch (TaskFailedException)
        {
            return LiveSide.Unknown;
        }
    }

    private async Task<SwapOverResult?> TrySettleAsync(SwapOverInput input, string child)
    {
        try
        {
            return await CallAsync(input with { Settles = true }, child);
        }
        catch (TaskFailedException)
        {
            return null;
        }
    }

    private async Task AskWhichAsync(string detail)
    {
        var error = new DecisionError(CutOverCodes.SwapUnknown, $"It is not known which side is live, and writes may still be paused: {detail}. Look at the site in the portal; retry looks again.");
        var outcome = await new DecisionQuestion(run, inbox, step, DecisionSeverity.Sev1, DoubtChoices, error).AskAsync(Never);
        if (outcome.Choice == DecisionChoice.Abort) throw new PermanentFailureException(CutOverCodes.SwapUnknown, outcome.Detail);
    }

    /// <summary>The side is live: what belongs to that and failed is asked about, one after the other, until it is done, or left with a reason.</summary>
    private async Task<SwapAttempt> FinishAsync(SwapOverInput input, SwapOverResult result)
    {
        foreach (var call in result.Unfinished)
        {
            var error = new DecisionError(call.Code, $"The swap is done, but {Name(call)} failed: {call.Detail}");
            while (await AskRestAsync(call, error) && await TryAgainAsync(input, call) is { } still) error = new DecisionError(still.Code, still.Detail);
        }

        return new SwapAttempt(result with { Unfinished = [] }, null);
    }

    private async Task<bool> AskRestAsync(UnfinishedCall call, DecisionError error)
    {
        var severity = call.Activity == nameof(ResumeWrites) ? DecisionSeverity.Sev1 : DecisionSeverity.Sev2;
        return (await new DecisionQuestion(run, inbox, step, severity, RestChoices, error).AskAsync(Never)).Choice == DecisionChoice.Retry;
    }

    private async Task<Refusal?> TryAgainAsync(SwapOverInput input, UnfinishedCall call)
    {
        var hold = input.CutOver.Hold;
        try
        {
            await context.CallActivityAsync(call.Activity, call.Activity switch
            {
                nameof(ResumeWrites) => new WritesOrder(hold, input.CutOver.HostName, On: false),
                nameof(MarkTargetLive) => new TargetContainerInput(hold.RunId, input.CutOver.Data.Single(d => d.Name == call.Data)),
                _ => (object)new JournalEntry(hold.RunId, JournalEntry.Done, input.Sides, run.Now, hold.Fence, input.Direction, input.Attempt),
            }, Retry.Standard);
            return null;
        }
        catch (TaskFailedException failure)
        {
            var (code, detail) = FailureCode.Explain(failure);
            return new Refusal(code, $"{Name(call)} failed again: {detail}");
        }
    }

    private static string Name(UnfinishedCall call) => call.Data is null ? call.Activity : $"{call.Activity} of {call.Data}";
}

/// <param name="Result">The side is live.</param>
/// <param name="Restored">Why it is not: everything is as it was before.</param>
internal sealed record SwapAttempt(SwapOverResult? Result, Refusal? Restored);
