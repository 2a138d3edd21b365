using Microsoft.DurableTask;
using Orchestrator.Workflows.CutOver;
using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.WayBack;

namespace Orchestrator.Workflows.Watching;

/// <summary>
/// The step watch: a new version that fails goes back by itself, or asks; somebody may want to go back at any time. What cannot be settled so is put to a
/// person, and what they accept ends as a success.
/// </summary>
internal sealed class WatchStep(TaskOrchestrationContext context, RunProgress run, DecisionInbox inbox)
{
    private static readonly string[] WithWayBack = [DecisionChoice.Retry, DecisionChoice.Skip, DecisionChoice.Abort];
    private static readonly string[] WithoutWayBack = [DecisionChoice.Retry, DecisionChoice.Skip];
    private static readonly Task<CancelRequest> Never = new TaskCompletionSource<CancelRequest>().Task;
    private int rounds;

    /// <param name="way">Null where there is no way back without loss.</param>
    public async Task<WatchOutcome> RunAsync(WatchInput input, OpenWayBack? way)
    {
        while (true)
        {
            var (watched, blind) = await WatchAsync(input, way);
            if (watched is null && blind is null) return new WatchOutcome(RunStatus.RolledBack, null, null);

            var why = blind ?? new Refusal(WatchCodes.GateFailed, watched!.Fault ?? "a gate failed");
            if (watched is not null && watched.Outcome != GateOutcome.Failed) return new WatchOutcome(RunStatus.Succeeded, watched, null);
            var failure = new RunFailure(StepNames.Watch, why.Code, why.Detail);
            if (blind is null && way is not null && input.Watch.OnFail == WatchFailure.RollBack) return await GoBackAsync(way, watched, failure);
            switch (await AskAsync(way, why))
            {
                case DecisionChoice.Skip: return new WatchOutcome(RunStatus.Succeeded, watched, null);
                case DecisionChoice.Abort: return await GoBackAsync(way!, watched, failure);
            }
        }
    }

    /// <returns>What the watch saw, or why it saw nothing; neither where somebody wanted to go back, and that was done.</returns>
    private async Task<(WatchResult? Watched, Refusal? Blind)> WatchAsync(WatchInput input, OpenWayBack? way)
    {
        var child = ++rounds == 1 ? $"{context.InstanceId}:{StepNames.Watch}" : $"{context.InstanceId}:{StepNames.Watch}:{rounds}";
        var watching = context.CallSubOrchestratorAsync<WatchResult>(nameof(WatchOrchestrator), input, new SubOrchestrationOptions(instanceId: child));
        while (way is not null && await Task.WhenAny(watching, way.Asked) != watching)
        {
            run.Show(RunStatus.Compensating);
            if (await way.GoAsync(isUrgent: false) is null)
            {
                context.SendEvent(child, WatchOrchestrator.Stop, "");
                return (null, null);
            }

            run.Show(RunStatus.Watching);
        }

        try
        {
            return (await watching, null);
        }
        catch (TaskFailedException failure)
        {
            var (code, detail) = FailureCode.Explain(failure);
            return (null, new Refusal(code, detail));
        }
    }

    private async Task<WatchOutcome> GoBackAsync(OpenWayBack way, WatchResult? watched, RunFailure failure)
    {
        run.Refuse(StepNames.Watch, failure);
        await run.TellAsync("goingBack", failure.Detail);
        while (true)
        {
            run.Show(RunStatus.Compensating);
            if (await way.GoAsync(isUrgent: true) is not { } refused) return new WatchOutcome(RunStatus.RolledBack, watched, failure);
            var error = new Refusal(WatchCodes.WayBackFailed, $"{failure.Detail}; and the way back failed: {refused.Code}: {refused.Detail}");
            switch (await AskAsync(way, error))
            {
                case DecisionChoice.Skip: return new WatchOutcome(RunStatus.Succeeded, watched, null);
                case DecisionChoice.Abort: return new WatchOutcome(RunStatus.Failed, watched, new RunFailure(StepNames.Watch, error.Code, error.Detail));
            }
        }
    }

    /// <summary>Retry does again what failed, skip stays with the new version, abort goes back, or, where just that failed, ends the run as failed.</summary>
    private async Task<string?> AskAsync(OpenWayBack? way, Refusal why)
    {
        var detail = way is null ? $"{why.Detail}; not all data is copied back (reverse: false), so there is no way back without loss" : why.Detail;
        var question = new DecisionQuestion(
            run, inbox, StepNames.Watch, DecisionSeverity.Sev1, way is null ? WithoutWayBack : WithWayBack, new DecisionError(why.Code, detail));
        var outcome = await question.AskAsync(Never);
        run.Show(RunStatus.Watching);
        return outcome.Choice;
    }
}

/// <param name="Status">What the run ends as.</param>
/// <param name="Watched">What the last look saw; null where there was none.</param>
internal sealed record WatchOutcome(string Status, WatchResult? Watched, RunFailure? Failure);
