using System.Text;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Traffic;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Reporting;

/// <summary>The part of the report about the steps in which clients were moved: each step with its gates, the new version beside the old, and what was carried meanwhile.</summary>
internal static class TrafficSection
{
    public static void Write(StringBuilder text, TrafficRecord record)
    {
        for (var index = 0; index < record.Results.Count; index++)
            Write(text, record.Results[index].Result, record.Results.Count == 1 ? "" : $" ({index + 1} of {record.Results.Count})");
    }

    private static void Write(StringBuilder text, TrafficResult result, string which)
    {
        text.AppendLine($"## Traffic in steps{which}").AppendLine();
        text.AppendLine($"**{Outcome(result.Outcome)}**{(result.Code is { } code ? $" {code}: {MarkdownReport.Cell(result.Why)}" : "")} {Drained(result)}").AppendLine();
        MarkdownReport.Table(text, title: null, "| # | clients | from | to | result | requests, new | requests, old | decision |", result.Steps.Select((step, index) =>
            $"| {index + 1} | {step.Percent} % | {step.From:yyyy-MM-dd HH:mm:ss}Z | {step.To:yyyy-MM-dd HH:mm:ss}Z | {Step(step)} | {Count(step.Slot)} | {Count(step.Production)} | {Decision(step)} |"));
        MarkdownReport.Table(text, title: null, "| # | gate | new version | limit | old version | result |", result.Steps.SelectMany((step, index) => step.Gates.Select(gate =>
            $"| {index + 1} | {gate.Metric} | {Value(gate.Value)} | {gate.Limit?.ToString("0.####") ?? "none"} | {Value(Of(step.Production, gate.Metric))} | {Gate(gate.Outcome)} |")));
        MarkdownReport.Table(text, title: null, "| data | carried to the new version | carried to the old version | longest lag | conflicts |", result.Data.Select(turn =>
            $"| {MarkdownReport.Cell(turn.Name)} | {turn.There:N0} | {turn.Home:N0} | {turn.LongestLag.TotalSeconds:0.#} s | {(turn.ConflictNames.Count == 0 ? "none" : $"{turn.ConflictNames.Count:N0}")} |"));
        if (result.Conflicts.Count == 0) return;
        text.AppendLine("Changed on both sides, and kept on both:").AppendLine();
        foreach (var name in result.Conflicts) text.AppendLine($"- {MarkdownReport.Cell(name)}");
        text.AppendLine();
    }

    private static string Outcome(string outcome) => outcome switch
    {
        TrafficOutcome.Passed => "All steps held.",
        TrafficOutcome.WentBack => "All clients were taken back to the old version.",
        TrafficOutcome.Asks => "People were asked, and the steps did not go on.",
        _ => MarkdownReport.Cell(outcome),
    };

    private static string Drained(TrafficResult result) => result switch
    {
        { Outcome: TrafficOutcome.Asks } => "",
        { Drained: true } => "The slot was drained before its writes were paused: by the platform's figures it got no request any more.",
        { Drained: false } => "The slot was not drained when its writes were paused: by the platform's figures it still got requests.",
        _ => "Whether the slot was drained before its writes were paused is not known: the platform's figures told nothing.",
    };

    private static string Step(TrafficReading step) => step.Outcome switch
    {
        TrafficReading.GoingBack => "on the way back",
        TrafficGates.Inconclusive => $"too few requests to judge (below {TrafficGates.LeastRequests})",
        _ => Gate(step.Outcome),
    };

    private static string Decision(TrafficReading step) =>
        step.Decision is { } decision ? MarkdownReport.Cell(decision) : step.Outcome == TrafficReading.GoingBack ? "–" : "by the gates";

    private static string Gate(string outcome) => outcome switch
    {
        GateOutcome.NoData => "no data",
        TrafficGates.Inconclusive => "too few requests",
        _ => MarkdownReport.Cell(outcome),
    };

    private static double? Of(SiteTraffic? traffic, string metric) => metric == GateSpec.ErrorRate ? traffic?.ErrorRate : traffic?.ResponseSeconds;

    private static string Count(SiteTraffic? traffic) => traffic?.Requests is { } requests ? $"{requests:N0}" : "no data";

    private static string Value(double? value) => value?.ToString("0.####") ?? "no data";
}
