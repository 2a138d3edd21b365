using Microsoft.DurableTask;
using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Traffic;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.CutOver;

/// <summary>
/// The step cutOver: prepare, move clients in steps, wait until told, swap. Until the swap has begun it can be cancelled. A refusal, and a pause that does not keep its limit, are
/// tried again and then put to a person; any other failure is the run's, which undoes everything.
/// </summary>
internal sealed class CutOverStep(TaskOrchestrationContext context, RunProgress run, RunControl control, DecisionInbox inbox, Saga saga)
{
    private const int Attempts = 3;
    private static readonly TimeSpan BeforeNextAttempt = TimeSpan.FromSeconds(10);
    private static readonly string[] Choices = [DecisionChoice.Retry, DecisionChoice.Abort];
    private readonly SwapAttempts swaps = new(context, run, inbox, StepNames.CutOver);
    private int rounds;
    private int attempts;

    /// <summary>How the steps of traffic ended; null where there were none.</summary>
    public TrafficResult? Moved { get; private set; }

    /// <exception cref="PermanentFailureException">What no repetition and no person settled; everything of this step that can be is undone by the saga.</exception>
    public async Task<CutOverOutcome> RunAsync(PrepareInput input, TrafficSpec? traffic)
    {
        var order = input.CutOver;
        saga.OnFailure(nameof(CancelPreview), new PreviewOrder(order.Hold, order.Slot));
        if (order.WritePauseLimit is not null) saga.OnFailure(nameof(ResumeWrites), new WritesOrder(order.Hold, order.HostName, On: false));
        try
        {
            while (true)
            {
                var (sides, stopped) = await PrepareAsync(input);
                if (sides is null) return new CutOverOutcome(null, stopped);

                // After a wait the conditions may not hold any more.
                if (await WaitsAsync() && !control.Cancelled.IsCompleted) continue;
                if (control.Cancelled.IsCompleted) return new CutOverOutcome(null, null);
                if (traffic is not null && Moved is null)
                {
                    var fresh = input.Terms.VerifiedUntil - run.Now;
                    await MoveTrafficAsync(order, traffic);
                    // The steps judged the new version all the time: the verification ages from their end on. Every condition is looked at again.
                    input = input with { Terms = input.Terms with { VerifiedUntil = run.Now + fresh }, TriesSwitch = false };
                    continue;
                }

                run.Show(new CutOverState(CutOverPhase.Swapping, ++attempts));
                var swap = await swaps.RunAsync(new SwapOverInput(order, SwapDirection.Forward, sides, attempts, order.WritePauseLimit), $"{context.InstanceId}:swap:{attempts}");
                if (swap.Result is { } result) return new CutOverOutcome(result, null);
                if (await StopsAsync(swap.Restored!) is { } given) return new CutOverOutcome(null, given);
            }
        }
        finally
        {
            run.Show((CutOverState?)null);
        }
    }

    private Task<bool> WaitsAsync()
    {
        run.Show(new CutOverState(CutOverPhase.Waiting, attempts + 1));
        return control.GoOnAsync(swaps: true);
    }

    /// <summary>Once in a run: another attempt at the swap does not move clients again.</summary>
    /// <exception cref="PermanentFailureException">Why all clients are back at the old version.</exception>
    private async Task MoveTrafficAsync(CutOverInput order, TrafficSpec traffic)
    {
        run.Show(new CutOverState(CutOverPhase.Traffic, attempts + 1));
        Moved = await new TrafficStep(context, run, control, inbox, saga).RunAsync(order, traffic);
        if (Moved.Outcome == TrafficOutcome.WentBack && !control.Cancelled.IsCompleted)
            throw new PermanentFailureException(Moved.Code ?? TrafficCodes.Stopped, $"{Moved.Why} All clients are back at the old version.");
    }

    /// <returns>No sides where a person gave it up, or it was cancelled.</returns>
    private async Task<(Sides? Sides, DecisionOutcome? Stopped)> PrepareAsync(PrepareInput input)
    {
        while (true)
        {
            run.Show(new CutOverState(CutOverPhase.Preparing, attempts + 1));
            var prepared = await context.CallSubOrchestratorAsync<PrepareResult>(
                nameof(PrepareCutOverOrchestrator), input with { Round = ++rounds }, new SubOrchestrationOptions(instanceId: $"{context.InstanceId}:prepare:{rounds}"));
            if (prepared.Sides is { } sides) return (sides, null);

            var refusal = prepared.Refusal!;
            if (refusal.Code == VerifyCodes.Stale) throw new PermanentFailureException(refusal.Code, $"{refusal.Detail} Nothing was swapped.");
            var outcome = await AskAsync(refusal, DecisionSeverity.Sev3);
            if (outcome.Choice != DecisionChoice.Retry) return (null, outcome);
        }
    }

    /// <summary>Everything was restored. A pause that took too long is tried again after a while, some times by itself, then when a person wants it.</summary>
    private async Task<DecisionOutcome?> StopsAsync(Refusal restored)
    {
        if (!CutOverCodes.IsPauseTrouble(restored.Code)) throw new PermanentFailureException(restored.Code, restored.Detail);
        await run.AuditAsync("orchestrator", "swapRestored", $"attempt {attempts}: {restored.Code}: {restored.Detail}");
        if (attempts % Attempts == 0)
        {
            var outcome = await AskAsync(restored, DecisionSeverity.Sev3);
            return outcome.Choice == DecisionChoice.Retry ? null : outcome;
        }

        run.Show(new CutOverState(CutOverPhase.Waiting, attempts + 1));
        using var stop = new CancellationTokenSource();
        await Task.WhenAny(context.CreateTimer(BeforeNextAttempt * attempts, stop.Token), control.Cancelled);
        stop.Cancel();
        return null;
    }

    private Task<DecisionOutcome> AskAsync(Refusal why, string severity) =>
        new DecisionQuestion(run, inbox, StepNames.CutOver, severity, Choices, new DecisionError(why.Code, why.Detail)).AskAsync(control.Cancelled);
}

/// <param name="Swapped">Null where it was given up or cancelled before anything was swapped.</param>
/// <param name="Stopped">How the question ended that stopped it; a cancellation may have come without one.</param>
internal sealed record CutOverOutcome(SwapOverResult? Swapped, DecisionOutcome? Stopped);
