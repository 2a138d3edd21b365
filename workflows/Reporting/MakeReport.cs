using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Planning;
using Orchestrator.Workflows.Probing;
using Orchestrator.Workflows.Traffic;
using Orchestrator.Workflows.Verification;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Reporting;

/// <summary>Makes the report from the run's documents, as JSON, Markdown and HTML. Again is harmless: it is written over.</summary>
public sealed class MakeReport(RunDocuments documents)
{
    /// <summary>What people wanted or answered, and what the run decided by itself.</summary>
    private static readonly string[] DecisionActions =
    [
        "requested", "approved", "rejected", "answerRefused", "decided", "throttled", "paused", "resumed", "postponed", "cancelled", "cancelTooLate",
        "rollbackAsked", "rollbackRefused", "goingBack", "wentBack",
    ];

    [Function(nameof(MakeReport))]
    public async Task RunAsync([ActivityTrigger] ReportOrder order, CancellationToken cancellationToken)
    {
        var spec = await documents.ReadSpecAsync(order.RunId, cancellationToken);
        var plan = await documents.ReadAsync<MigrationPlan>(RunPaths.Plan(order.RunId), cancellationToken);
        var verification = await documents.ReadAsync<VerificationRecord>(RunPaths.Verification(order.RunId), cancellationToken);
        var probes = await documents.ReadAsync<ProbeSummary>(ProbePaths.Summary(order.RunId), cancellationToken);
        var report = Compose(order, spec, plan, verification, await ReadAuditAsync(order.RunId, cancellationToken), probes) with
        {
            Traffic = await documents.ReadAsync<TrafficRecord>(TrafficPaths.Record(order.RunId), cancellationToken),
            Alerts = await documents.ReadAsync<AlertResult>(AlertPaths.Of(order.RunId), cancellationToken),
        };

        var markdown = MarkdownReport.Write(report);
        await documents.PutAsync(RunPaths.ReportJson(order.RunId), report, cancellationToken);
        await documents.PutTextAsync(RunPaths.ReportMarkdown(order.RunId), markdown, cancellationToken);
        await documents.PutTextAsync(RunPaths.ReportHtml(order.RunId), HtmlReport.Write(report, markdown), cancellationToken);
    }

    private async Task<IReadOnlyList<AuditLine>> ReadAuditAsync(string runId, CancellationToken cancellationToken)
    {
        var lines = await documents.ReadRawAsync(RunPaths.Audit(runId), cancellationToken);
        return [.. (lines?.ToString() ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<AuditLine>(l, SpecJson.Options)!)];
    }

    internal static MigrationReport Compose(
        ReportOrder order, MigrationSpec spec, MigrationPlan? plan, VerificationRecord? verification, IReadOnlyList<AuditLine> audit, ProbeSummary? probes)
    {
        var steps = order.State.Steps.Where(s => s.Name != StepNames.Report).Select(s => new ReportedStep(
            s.Name, s.Status, s.EndedAt - s.StartedAt, plan?.Timeline.FirstOrDefault(e => e.Step == s.Name)?.Duration, s.StartedAt)).ToList();
        return new MigrationReport(
            order.RunId, spec.Mode.ToString().ToLowerInvariant(), order.Status, spec.Site, plan?.Site.HostName, spec.Reason, spec.Ticket, spec.Runbook, order.RequestedBy,
            order.StartedAt, order.State.UpdatedAt, order.State.Figures ?? new Figures(), order.State.Failure, steps,
            order.Before ?? plan?.Before, order.After, plan?.Data ?? [], verification, order.Watch,
            [.. audit.Where(l => DecisionActions.Contains(l.Action, StringComparer.Ordinal))], audit, plan?.Changes ?? [], order.LeftBehind,
            plan?.Risks ?? [], plan?.Score, Lessons.From(order, spec, steps), spec.Contacts, order.Snapshot, probes);
    }
}
