using Orchestrator.Benchmarks.Data;

namespace Orchestrator.Benchmarks.CutOver;

/// <summary>The JSON line of <c>cutover</c>: all runs together, and under <c>naive</c> the same of copying, then swapping.</summary>
internal sealed record CutOverFigures
{
    public required int Runs { get; init; }

    /// <summary>Runs that ended with the new version live.</summary>
    public required int Succeeded { get; init; }

    /// <summary>Answers that customers waited for, those to repeated writes included.</summary>
    public required int Requests { get; init; }

    /// <summary>No answer, one that is not a success, or one with other content than it must have. A refusal that asks to come again is none.</summary>
    public required int FailedRequests { get; init; }

    /// <summary>Orders that were acknowledged.</summary>
    public required int Writes { get; init; }

    /// <summary>Of these, those that are not byte for byte in the store that serves afterwards.</summary>
    public required int LostWrites { get; init; }

    public required int RepeatedWrites { get; init; }

    /// <summary>Media that are missing, changed or too many afterwards.</summary>
    public required int Mismatches { get; init; }

    /// <summary>By the run's own figure.</summary>
    public double? WritePauseMsP50 { get; init; }

    public double? WritePauseMsMax { get; init; }

    /// <summary>The same as customers saw it: from the first write of a run that was refused to the last.</summary>
    public required double WritesRefusedMsP50 { get; init; }

    public required double WritesRefusedMsMax { get; init; }

    /// <summary>The median of each run's longest write, as customers saw it: from when an order was to be placed until it was acknowledged.</summary>
    public required double LongestWriteMsP50 { get; init; }

    public required double LongestWriteMsMax { get; init; }

    /// <summary>Requests that began, repeated writes not counted, by the time from the first to the last.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>The longest that a request began after it was due: the machine had no time for the customers themselves.</summary>
    public required double LatestMs { get; init; }

    /// <summary>Counted, as all times, from when the request was due.</summary>
    public required double ResponseMsP95Before { get; init; }

    public required double ResponseMsP95During { get; init; }

    public required double ResponseMsP95After { get; init; }

    public required double SlowestResponseMs { get; init; }

    /// <summary>From the start of a run to its end.</summary>
    public required double RunSecondsP50 { get; init; }

    public CutOverFigures? Naive { get; init; }

    public int? Objects { get; init; }

    public bool? Quick { get; init; }

    public int? Processors { get; init; }

    /// <summary>Everything, the set-up of each run included.</summary>
    public double? Seconds { get; init; }

    public static CutOverFigures Of(IReadOnlyCollection<RunUnderLoad> runs)
    {
        var pauses = runs.Select(run => run.Found.WritePauseMs).OfType<long>().Select(ms => (double)ms).ToList();
        return new CutOverFigures
        {
            Runs = runs.Count,
            Succeeded = runs.Count(run => run.HasSucceeded),
            Requests = runs.Sum(run => run.Found.Requests),
            FailedRequests = runs.Sum(run => run.Found.FailedRequests),
            Writes = runs.Sum(run => run.Found.Writes),
            LostWrites = runs.Sum(run => run.Found.LostWrites),
            RepeatedWrites = runs.Sum(run => run.Found.RepeatedWrites),
            Mismatches = runs.Sum(run => run.Found.Mismatches),
            WritePauseMsP50 = pauses.Count == 0 ? null : pauses.Median(),
            WritePauseMsMax = pauses.Count == 0 ? null : pauses.Max(),
            WritesRefusedMsP50 = runs.Select(run => Milliseconds(run.RefusedFor)).Median(),
            WritesRefusedMsMax = runs.Max(run => Milliseconds(run.RefusedFor)),
            LongestWriteMsP50 = runs.Select(run => (double)run.Found.LongestWriteMs).Median(),
            LongestWriteMsMax = runs.Max(run => run.Found.LongestWriteMs),
            RequestsPerSecond = Math.Round(runs.Sum(run => run.Begun) / runs.Sum(run => run.Time.TotalSeconds), 1),
            LatestMs = runs.Max(run => Milliseconds(run.Latest)),
            ResponseMsP95Before = P95(runs.SelectMany(run => run.Before)),
            ResponseMsP95During = P95(runs.SelectMany(run => run.During)),
            ResponseMsP95After = P95(runs.SelectMany(run => run.After)),
            SlowestResponseMs = runs.SelectMany(run => run.Customers.Ledger.Responses).Max(response => Milliseconds(response.Took)),
            RunSecondsP50 = runs.Select(run => run.Found.DurationMs / 1000.0).Median(),
        };
    }

    private static double P95(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToList();
        return sorted.Count == 0 ? 0 : Milliseconds(sorted[sorted.Count * 95 / 100]);
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
