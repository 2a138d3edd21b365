using System.Text;
using Orchestrator.Workflows.Probing;

namespace Orchestrator.Workflows.Reporting;

/// <summary>The part of the report that the probes measured: before, during the cut-over and after, side by side, and for how much of it they were there.</summary>
internal static class ProbeSection
{
    public static void Write(StringBuilder text, ProbeSummary probes)
    {
        text.AppendLine("## Measured by probes").AppendLine();
        text.AppendLine($"| | {string.Join(" | ", probes.Spans.Select(Title))} |").AppendLine($"|---|{string.Concat(probes.Spans.Select(_ => "---|"))}");
        Row("Time", span => $"{(span.To - span.From).TotalSeconds:N1} s");
        Row("Of it probed", span => $"{span.Coverage:0.0 %}");
        Row("Probes", span => $"{span.Probes:N0}");
        Row("Failed", span => Seen(span, $"{span.Failed:N0}"));
        Row("Downtime", span => Seen(span, span.Failed == 0 ? "none seen" : $"{span.DowntimeMs:N0} ms"));
        Row("Longest outage", span => Seen(span, span.Failed == 0 ? "none seen" : $"{span.LongestOutageMs:N0} ms"));
        Row("Worst response", span => Milliseconds(span.WorstResponseMs));
        Row("Mean response", span => Milliseconds(span.MeanResponseMs));
        Row("95th percentile", span => Milliseconds(span.P95ResponseMs));
        text.AppendLine();
        text.AppendLine($"Each probe has a connection of its own, {probes.ResolutionMs} ms after the one before: a shorter outage can pass unseen. Downtime runs from a failed probe to the next good one; the response times are those of good answers.").AppendLine();
        foreach (var span in probes.Spans.Where(span => span.Coverage < 0.995))
            text.AppendLine($"**{Title(span)}: for {(1 - span.Coverage) * (span.To - span.From).TotalSeconds:N1} s of {(span.To - span.From).TotalSeconds:N1} s nothing was probed**, since the orchestrator itself did not run or could not keep what it saw. What happened then is not in the figures.").AppendLine();
        MarkdownReport.Table(text, Failures(probes), "| when | span | what |", probes.Failures.Select(f => $"| {f.At:yyyy-MM-dd HH:mm:ss.fff}Z | {f.Span} | {MarkdownReport.Cell(f.Fault)} |"));

        void Row(string name, Func<ProbeFigures, string> value) => text.AppendLine($"| {name} | {string.Join(" | ", probes.Spans.Select(value))} |");
    }

    private static string Title(ProbeFigures span) => span.Name switch
    {
        ProbeSpan.Before => "before",
        ProbeSpan.CutOver => "during the cut-over",
        ProbeSpan.After => "after",
        _ => span.Name,
    };

    private static string Failures(ProbeSummary probes)
    {
        var all = probes.Spans.Sum(span => span.Failed);
        return all > probes.Failures.Count ? $"Failed probes (the first {probes.Failures.Count} of {all:N0})" : "Failed probes";
    }

    private static string Seen(ProbeFigures span, string value) => span.Probes == 0 ? "not measured" : value;

    private static string Milliseconds(double? value) => value is { } ms ? $"{ms:N0} ms" : "not measured";
}
