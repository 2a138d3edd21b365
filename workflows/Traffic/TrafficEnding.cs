using Microsoft.DurableTask;
using Orchestrator.Workflows.CutOver;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Traffic;

/// <summary>The moves at the end of the steps, however they ended. One that fails for good leaves the targets marked as shared, so that nobody removes them.</summary>
internal sealed class TrafficEnding(TaskOrchestrationContext context, TrafficInput input, TrafficPlace place, SharedPasses passes)
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromMinutes(10);

    /// <summary>So long the figures are waited for.</summary>
    public TimeSpan DrainLimit => input.Traffic.HoldLimit < LongestDrain ? input.Traffic.HoldLimit : LongestDrain;

    public Task<DateTimeOffset> ClearAsync() => OrTellAsync(async () =>
    {
        await context.CallActivityAsync(nameof(ClearTraffic), new RampOrder(input.Hold, input.Slot), Retry.Patient);
        return new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
    });

    /// <returns>Null while no whole unit of time has passed since the rule was removed.</returns>
    public async Task<DrainReading?> ReadDrainAsync(TimeSpan hold, DateTimeOffset now)
    {
        if (TrafficMinutes.LastWhole(place.ClearedAt ?? now, now, hold) is not { } span) return null;
        try
        {
            return await context.CallActivityAsync<DrainReading>(nameof(ReadDrain), new DrainOrder(input.Hold.Site, input.Slot, span.From, span.To), Retry.Standard);
        }
        catch (TaskFailedException)
        {
            return null;
        }
    }

    public Task<DateTimeOffset> PauseSlotAsync() => OrTellAsync(async () =>
        (await context.CallActivityAsync<WritesAnswer>(nameof(PauseWrites), new WritesOrder(input.Hold, input.SlotHostName, On: true), Retry.Patient)).At);

    public Task UnshareAsync() => OrTellAsync(async () =>
    {
        await Task.WhenAll(input.Data.Select(data => context.CallActivityAsync(nameof(UnshareTarget), new ShareInput(input.Hold.RunId, data, place.Key), Retry.Patient)));
        return true;
    });

    /// <exception cref="PermanentFailureException">MIG0346: what was written at the slot does not come to rest though its writes are paused.</exception>
    public void DemandProgress(DateTimeOffset now, bool settled)
    {
        if (settled || now < place.PausedAt + SettleLimit) return;
        var open = string.Join(", ", passes.Turns.Where(turn => !turn.Settled).Select(turn => turn.Name));
        throw new PermanentFailureException(TrafficCodes.NotSettled, $"The slot's writes are paused since {place.PausedAt:O}, and the passes back over {open} still find something to carry: something else writes to the target.");
    }

    private async Task<T> OrTellAsync<T>(Func<Task<T>> move)
    {
        try
        {
            return await move();
        }
        catch (TaskFailedException failure)
        {
            var (code, detail) = FailureCode.Explain(failure);
            throw new PermanentFailureException(TrafficCodes.NotTakenBack, $"{(place.Why is { } why ? $"{place.Code}: {why}; and " : "")}the end of the traffic steps failed with {code}: {detail}");
        }
    }
}
