using System.Text;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Reporting;

/// <summary>The part of the report about the alert rules: what stays on the site after the run, and what of it was not made or not removed.</summary>
internal static class AlertSection
{
    public static void Write(StringBuilder text, AlertResult alerts) => MarkdownReport.Table(
        text, alerts.Rules.Any(rule => rule.State is AlertState.Stays or AlertState.NotRemoved) ? "Alert rules that stay" : "Alert rules", "| rule | for the gate | alerts above | state | how, or why |",
        alerts.Rules.Select(rule => $"| {MarkdownReport.Cell(rule.Name)} | {rule.Metric} | {Limit(rule)} | {State(rule.State)} | {MarkdownReport.Cell(rule.Detail)} |"));

    private static string Limit(AlertRuleState rule) => rule.Threshold is { } threshold ? $"{rule.AzureMetric} {threshold:0.####}" : "–";

    private static string State(string state) => state switch
    {
        AlertState.Stays => "stays",
        AlertState.NotMade => "not made",
        AlertState.Removed => "removed",
        AlertState.NotRemoved => "not removed",
        _ => MarkdownReport.Cell(state),
    };
}
