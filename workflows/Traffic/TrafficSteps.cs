using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Traffic;

/// <summary>The steps of one <see cref="TrafficOrchestrator"/>: deterministic, decides only. Each turn of its loop makes one move from the place where it stands.</summary>
internal sealed class TrafficSteps
{
    /// <summary>Activity calls in one history; replay is quadratic in it.</summary>
    private const int MaxCalls = 60;

    private static readonly TimeSpan LongestPace = TimeSpan.FromSeconds(10), ShortestPace = TimeSpan.FromMilliseconds(200), LongestHoldBack = TimeSpan.FromSeconds(30);

    private readonly TaskOrchestrationContext context;
    private readonly TrafficInput input;
    private TrafficPlace place;
    private SharedPasses passes;
    private int calls;

    public TrafficSteps(TaskOrchestrationContext context, TrafficInput input)
    {
        (this.context, this.input) = (context, input);
        place = input.From ?? new TrafficPlace($"{context.CurrentUtcDateTime.Ticks:D20}", TrafficPlace.Rising, Step: 0, [], [.. input.Data.Select(data => new SharedTurn(data.Name))]);
        passes = new SharedPasses(context, input, place.Key, place.Turns);
    }

    /// <summary>Where a call that goes on takes up.</summary>
    public TrafficPlace Place => place with { Turns = passes.Turns };

    private DateTimeOffset Now => new(context.CurrentUtcDateTime, TimeSpan.Zero);

    private TrafficStepSpec Step => input.Traffic.Steps[Math.Max(0, place.Step)];

    private TimeSpan Pace => TimeSpan.FromTicks(Math.Clamp(Step.Hold.Ticks / 10, ShortestPace.Ticks, LongestPace.Ticks));

    /// <returns>Null where the history is full and the orchestrator continues as new.</returns>
    public async Task<TrafficResult?> RunAsync()
    {
        if (input.From is null) await new TrafficBeginning(context, input, place.Key).RunAsync();
        if (place.Choice is { } choice) Choose(choice, place.Chooser);
        while (calls + passes.Calls < MaxCalls)
        {
            context.SetCustomStatus(new TrafficStatus(place.Phase, place.Phase == TrafficPlace.Ending || place.Since is null ? 0 : Step.Percent, place.HoldEnds, place.IsAsking, place.Why));
            try
            {
                if (await MoveAsync() is { } result) return result;
            }
            catch (Exception cause) when (cause is TaskFailedException or PermanentFailureException && place.Phase != TrafficPlace.Ending)
            {
                TakeBack(cause);
            }
        }
        return null;
    }

    private Task<TrafficResult?> MoveAsync() => place.Phase switch
    {
        TrafficPlace.Rising => RiseAsync(),
        TrafficPlace.Falling => FallAsync(),
        _ => EndAsync(),
    };

    private async Task<TrafficResult?> RiseAsync()
    {
        if (place.Since is null) await SetAsync(Step.Hold);
        var (carrying, reading, wishing) = (passes.RoundAsync(), ReadGatesAsync(), ReadWishesAsync());
        await Task.WhenAll(carrying, reading, wishing);
        var (figures, wishes) = (await reading, await wishing);

        if (wishes.Stop is { } reason) return GoBack(figures, TrafficCodes.Stopped, reason);
        if (passes.HasConflicts) return GoBack(figures, TrafficCodes.Conflict, $"both sides changed {string.Join(", ", Result(TrafficOutcome.WentBack).Conflicts.Take(3))}");
        if (place.IsAsking && wishes.Answer is { } answer) Choose(answer.Choice, answer.Chooser, figures);
        else if (place.IsAsking) await PauseAsync();
        else return await JudgeAsync(figures);
        return null;
    }

    private async Task<TrafficResult?> JudgeAsync(TrafficFigures figures)
    {
        var isOver = Now >= place.HoldEnds;
        var consequence = figures.Outcome switch
        {
            // Once may be chance: twice in a row, or at the end, is not.
            GateOutcome.Failed => isOver || place.IsFailing ? input.Traffic.Failed : GateConsequence.Hold,
            _ when !isOver => GateConsequence.Hold,
            GateOutcome.Passed => GateConsequence.GoOn,
            GateOutcome.NoData => input.Traffic.NoData,
            _ => input.Traffic.Inconclusive,
        };
        place = place with { IsFailing = figures.Outcome == GateOutcome.Failed };
        var (code, why) = Explain(figures);
        switch (consequence)
        {
            case GateConsequence.GoOn: Pass(figures, figures.Outcome == GateOutcome.Passed ? null : "goOn"); return null;
            case GateConsequence.GoBack: return GoBack(figures, code, why);
            case GateConsequence.Ask: return Ask(code, why);
            default:
                if (Now >= place.HoldEnds + input.Traffic.HoldLimit) return Ask(code, $"{why}, for {input.Traffic.HoldLimit} longer than the step was to be held");
                await PauseAsync();
                return null;
        }
    }

    /// <summary>Back through the steps, each for a short while.</summary>
    private async Task<TrafficResult?> FallAsync()
    {
        if (place.Step < 0)
        {
            place = place with { Phase = TrafficPlace.Ending, Since = null, HoldEnds = null };
            return null;
        }

        if (place.Since is null) await SetAsync(Step.Hold / 4 is var share && share < LongestHoldBack ? share : LongestHoldBack);
        await passes.RoundAsync();
        if (Now < place.HoldEnds) await PauseAsync();
        else place = Record(new TrafficReading(Step.Percent, place.Since!.Value, Now, TrafficReading.GoingBack, [], Slot: null, Production: null)) with { Step = place.Step - 1, Since = null };
        return null;
    }

    /// <summary>Nobody is routed to the slot, its figures say that nobody comes, it refuses writes, and production has all that was written there: in this order.</summary>
    private async Task<TrafficResult?> EndAsync()
    {
        var ending = new TrafficEnding(context, input, place, passes);
        if (place.ClearedAt is null) place = place with { ClearedAt = await ending.ClearAsync() };
        if (!place.DrainSettled)
        {
            calls += 2;
            var wishes = place.IsAsking ? await ReadWishesAsync() : null;
            var drain = await ending.ReadDrainAsync(Step.Hold, Now);
            if (wishes?.Answer is { } answer) Choose(answer.Choice, answer.Chooser);
            else if (drain?.Drained == true) place = place with { DrainSettled = true, Drained = true, IsAsking = false };
            else if (!place.IsAsking && Now >= place.ClearedAt + ending.DrainLimit)
            {
                if (drain?.Drained == false) return Ask(TrafficCodes.NotDrained, $"the rule is gone since {place.ClearedAt:O}, and the slot still gets requests");
                place = place with { DrainSettled = true };
            }
            else
            {
                await passes.RoundAsync();
                await PauseAsync();
            }
            return null;
        }

        if (input.Data.Count > 0 && !await SettleAsync(ending)) return null;
        if (passes.HasConflicts && place.Outcome == TrafficOutcome.Passed)
            place = place with { Outcome = TrafficOutcome.WentBack, Code = TrafficCodes.Conflict, Why = "both sides changed the same objects" };
        return Result(place.Outcome!);
    }

    private async Task<bool> SettleAsync(TrafficEnding ending)
    {
        calls++;
        if (place.PausedAt is null) place = place with { PausedAt = await ending.PauseSlotAsync() };
        if (passes.AreSettled)
        {
            // What is told as a conflict stands at the target alone: it stays marked, so that nothing overwrites or removes it.
            if (!passes.HasConflicts) await ending.UnshareAsync();
            return true;
        }

        await passes.SettleAsync();
        ending.DemandProgress(Now, passes.AreSettled);
        return false;
    }

    private async Task SetAsync(TimeSpan hold)
    {
        calls++;
        await context.CallActivityAsync(nameof(SetTraffic), new RampOrder(input.Hold, input.Slot, input.SlotHostName, Step.Percent), Retry.Standard);
        place = place with { Since = Now, HoldEnds = Now + hold, IsFailing = false };
    }

    private Task<TrafficFigures> ReadGatesAsync()
    {
        calls++;
        var (from, to) = TrafficMinutes.Between(place.Since!.Value, Now);
        return context.CallActivityAsync<TrafficFigures>(nameof(ReadTrafficGates), new TrafficGateOrder(input.Hold.Site, input.Slot, input.Traffic.Gates, from, to), Retry.Standard);
    }

    private Task<TrafficWishes> ReadWishesAsync()
    {
        calls++;
        return context.CallActivityAsync<TrafficWishes>(nameof(ReadTrafficWishes), new TrafficWishesOrder(input.Hold.RunId, place.Question), Retry.Standard);
    }

    private Task PauseAsync() => context.CreateTimer(Pace, CancellationToken.None);

    /// <summary>What a person chose: of the step, or, at the end, of a slot that does not drain.</summary>
    private void Choose(string choice, string? chooser, TrafficFigures? figures = null)
    {
        place = place with { IsAsking = false, Choice = null, Chooser = null };
        if (place.Phase == TrafficPlace.Rising)
        {
            if (choice == TrafficChoice.GoOn) Pass(figures, chooser ?? choice);
            else GoBack(figures, place.Code, $"{chooser ?? "a person"} chose to go back: {place.Why}");
        }
        else place = place with { DrainSettled = true, Drained = false, Outcome = choice == TrafficChoice.GoOn ? place.Outcome : TrafficOutcome.WentBack };
    }

    private void Pass(TrafficFigures? figures, string? decision)
    {
        place = Record(Reading(figures, decision)) with { Since = null, HoldEnds = null, Code = null, Why = null };
        place = place.Step + 1 < input.Traffic.Steps.Count
            ? place with { Step = place.Step + 1 }
            : place with { Phase = TrafficPlace.Ending, Outcome = TrafficOutcome.Passed };
    }

    private TrafficResult? GoBack(TrafficFigures? figures, string? code, string? why)
    {
        place = Record(Reading(figures, "goBack")) with { Phase = TrafficPlace.Falling, Step = place.Step - 1, Since = null, HoldEnds = null, IsAsking = false, Outcome = TrafficOutcome.WentBack, Code = code, Why = why };
        return null;
    }

    /// <summary>A move failed for good. While clients rise they are taken back through the steps; where that fails too, at once.</summary>
    private void TakeBack(Exception cause)
    {
        var (code, detail) = FailureCode.Explain(cause);
        if (code == LeaseCodes.Lost) throw new PermanentFailureException(code, detail);
        if (place.Phase == TrafficPlace.Rising) GoBack(figures: null, code, detail);
        else place = place with { Phase = TrafficPlace.Ending, Step = -1, Since = null, HoldEnds = null };
    }

    private TrafficResult Ask(string code, string why)
    {
        place = place with { IsAsking = true, Question = place.Question + 1, Code = code, Why = why };
        return Result(TrafficOutcome.Asks) with { Place = Place };
    }

    private TrafficPlace Record(TrafficReading reading) => place with { Steps = [.. place.Steps, reading] };

    private TrafficReading Reading(TrafficFigures? figures, string? decision) => new(
        Step.Percent, place.Since ?? Now, Now, figures?.Outcome ?? GateOutcome.NoData, figures?.Gates ?? [], figures?.Slot, figures?.Production, decision);

    private TrafficResult Result(string outcome) => new(outcome, place.Steps, passes.Turns, Place: null, place.Code, place.Why, place.Drained);

    private (string Code, string Why) Explain(TrafficFigures figures)
    {
        var at = $"at {Step.Percent} %";
        if (figures.Gates.FirstOrDefault(gate => gate.Outcome == GateOutcome.Failed) is { } failed)
            return (TrafficCodes.GateFailed, $"{at} {failed.Metric} of the new version is {failed.Value:0.####}, the gate allows {failed.Limit:0.####}");
        return (TrafficCodes.NothingToJudge, figures.Outcome == GateOutcome.NoData
            ? $"{at} the platform has no figures to judge by"
            : $"{at} there were {figures.Slot.Requests:0} requests to the new version and {figures.Production.Requests:0} to the old, and {TrafficGates.LeastRequests} are the least to judge by");
    }
}
