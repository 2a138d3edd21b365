using System.Diagnostics;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Benchmarks.Engine;

/// <summary>100,000 ended instances are purged while others get events, as they do before.</summary>
internal static class PurgeBesideOthers
{
    private const int Count = 100_000;

    public static async Task<(double Seconds, double BeforeMs, double MeanwhileMs)> MeasureAsync(string stateFile)
    {
        await using var engine = await EngineUnderTest.StartAsync(stateFile);
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 1000 }, async (number, _) =>
            await engine.StartAsync(Workloads.Nothing, id: $"old-{number}"));
        await engine.IdleAsync();
        var old = new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Completed], CreatedTo: DateTimeOffset.UtcNow);
        var before = await RoundTrips.UntilAsync(engine, Task.Delay(TimeSpan.FromSeconds(1)));

        var watch = Stopwatch.StartNew();
        var purging = engine.Client.PurgeAllInstancesAsync(old);
        var meanwhile = await RoundTrips.UntilAsync(engine, purging);
        var seconds = watch.Elapsed.TotalSeconds;
        var purged = (await purging).PurgedInstanceCount;
        if (purged < Count)
            throw new InvalidOperationException($"The benchmark purged {purged} of {Count} instances.");
        return (seconds, RoundTrips.Median(before), RoundTrips.Median(meanwhile));
    }
}
