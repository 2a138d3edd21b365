using System.Diagnostics;

namespace Orchestrator.Benchmarks.Data;

/// <summary>Times and their medians.</summary>
internal static class Rounds
{
    public static async Task<double> SecondsAsync(Func<Task> run)
    {
        // What the other side left behind is not this one's to clear away.
        GC.Collect();
        var watch = Stopwatch.StartNew();
        await run();
        return watch.Elapsed.TotalSeconds;
    }

    public static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return Math.Round(sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, 3);
    }
}
