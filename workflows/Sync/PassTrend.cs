namespace Orchestrator.Workflows.Sync;

/// <summary>
/// Whether the passes over a data set come closer to its source. They do while what a pass moves, or the lag that it ends with, falls by a fifth below
/// what it was at best before. Three passes in a row that do not, and they never will: the source changes as fast as it is copied.
/// </summary>
/// <param name="LeastObjects">Copied and deleted in the best pass so far; the first is the full copy.</param>
/// <param name="Barren">Passes in a row that came no closer.</param>
public sealed record PassTrend(long LeastObjects, long LeastBytes, TimeSpan LeastLag, int Passes = 1, int Barren = 0)
{
    private const int MostBarren = 3;

    /// <summary>Passes that come closer a little at a time have had theirs by then.</summary>
    private const int MostPasses = 20;

    private const double Fifth = 0.2;

    /// <param name="before">Null for the first pass.</param>
    public static PassTrend After(PassTrend? before, long objects, long bytes, TimeSpan lag)
    {
        if (before is null) return new PassTrend(objects, bytes, lag);
        var comesCloser = Fell(before.LeastObjects, objects) || Fell(before.LeastBytes, bytes) || Fell(before.LeastLag.Ticks, lag.Ticks);
        // Against the best, not the last: a source that is busy every other pass comes no closer. And small falls add up, as the best stays until then.
        return comesCloser
            ? new PassTrend(
                Math.Min(before.LeastObjects, objects), Math.Min(before.LeastBytes, bytes), lag < before.LeastLag ? lag : before.LeastLag, before.Passes + 1)
            : before with { Passes = before.Passes + 1, Barren = before.Barren + 1 };
    }

    /// <param name="objects">What the last pass moved.</param>
    /// <param name="fewObjects">A pass that moves no more only keeps up.</param>
    public PassVerdict Judge(long objects, TimeSpan lag, TimeSpan maxLag, long fewObjects)
    {
        var isOver = Barren >= MostBarren || Passes >= MostPasses;
        if (lag <= maxLag) return objects <= fewObjects || isOver ? PassVerdict.InStep : PassVerdict.GoOn;
        return isOver ? PassVerdict.FallsBehind : PassVerdict.GoOn;
    }

    private static bool Fell(long before, long now) => now < before * (1 - Fifth);
}

public enum PassVerdict
{
    /// <summary>Another pass brings the target closer.</summary>
    GoOn,

    /// <summary>The target keeps up, no further behind than its limit.</summary>
    InStep,

    /// <summary>The target is further behind than its limit, and stays so: a person decides.</summary>
    FallsBehind,
}
