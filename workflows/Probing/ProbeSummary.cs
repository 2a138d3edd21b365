using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Probing;

/// <summary>What the probes of a run tell.</summary>
/// <param name="ResolutionMs">The time between two probes: a shorter outage can pass unseen, and the length of one is known no better than this.</param>
/// <param name="Failures">The first of them.</param>
public sealed record ProbeSummary(long ResolutionMs, IReadOnlyList<ProbeFigures> Spans, IReadOnlyList<ProbeFailure> Failures)
{
    /// <summary>The figures of a run with those of the probes from the cut-over on; what was not measured is left out.</summary>
    public Figures AddTo(Figures figures)
    {
        var spans = Spans.Where(span => span.Name is ProbeSpan.CutOver or ProbeSpan.After).ToList();
        var time = spans.Sum(span => (span.To - span.From).TotalSeconds);
        return spans.Sum(span => span.Probes) == 0 ? figures : figures with
        {
            Probes = spans.Sum(span => span.Probes),
            FailedProbes = spans.Sum(span => span.Failed),
            DowntimeMs = spans.Sum(span => span.DowntimeMs),
            WorstResponseMs = spans.Max(span => span.WorstResponseMs),
            ProbeCoverage = time > 0 ? Math.Round(spans.Sum(span => span.Coverage * (span.To - span.From).TotalSeconds) / time, 4) : null,
        };
    }
}

/// <param name="Failed">Without an answer, or with one that blames the server (500 and above).</param>
/// <param name="DowntimeMs">From a failed probe to the next good one, summed. A time without probes in between counts as down.</param>
/// <param name="LongestOutageMs">The longest such stretch.</param>
/// <param name="WorstResponseMs">The slowest good answer; null where there was none.</param>
/// <param name="Coverage">The share of the span in which probes were sent, 0 to 1. Of the rest nothing is known.</param>
public sealed record ProbeFigures(
    string Name, DateTimeOffset From, DateTimeOffset To, long Probes, long Failed, long DowntimeMs, long LongestOutageMs,
    long? WorstResponseMs, double? MeanResponseMs, long? P95ResponseMs, double Coverage);

public sealed record ProbeFailure(DateTimeOffset At, string Span, string Fault);
