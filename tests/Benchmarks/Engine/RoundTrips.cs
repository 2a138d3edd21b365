using System.Diagnostics;

namespace Orchestrator.Benchmarks.Engine;

/// <summary>From the raising of an event until the client sees that the instance, which did nothing but wait for it, has ended.</summary>
internal static class RoundTrips
{
    /// <returns>Milliseconds, sorted.</returns>
    public static async Task<List<double>> TakeAsync(EngineUnderTest engine, int count)
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => engine.StartAsync(Workloads.Wait)));
        await engine.IdleAsync();
        var times = new List<double>();
        foreach (var id in ids)
            times.Add(await TakeAsync(engine, id));
        times.Sort();
        return times;
    }

    /// <summary>One after the other until something else has ended; each instance is started for its event.</summary>
    /// <inheritdoc cref="TakeAsync(EngineUnderTest, int)" path="/returns"/>
    public static async Task<List<double>> UntilAsync(EngineUnderTest engine, Task end)
    {
        var times = new List<double>();
        do
        {
            var id = await engine.StartAsync(Workloads.Wait);
            await engine.Client.WaitForInstanceStartAsync(id);
            times.Add(await TakeAsync(engine, id));
        }
        while (!end.IsCompleted);
        times.Sort();
        return times;
    }

    public static double Median(List<double> sorted) => Math.Round(sorted[sorted.Count / 2], 3);

    private static async Task<double> TakeAsync(EngineUnderTest engine, string id)
    {
        var begun = Stopwatch.GetTimestamp();
        await engine.Client.RaiseEventAsync(id, Workloads.Go, "on");
        await engine.EndAsync(id);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }
}
