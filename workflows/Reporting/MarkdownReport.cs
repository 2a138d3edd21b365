using System.Text;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Reporting;

/// <summary>Writes a report as Markdown: the result first, then figures, probes, traffic, steps, decisions, data, what is left and what stays, lessons, the change log.</summary>
public static class MarkdownReport
{
    public static string Write(MigrationReport report)
    {
        var text = new StringBuilder();
        Head(text, report);
        Figures(text, report);
        if (report.Probes is { } probes) ProbeSection.Write(text, probes);
        if (report.Traffic is { } traffic) TrafficSection.Write(text, traffic);
        Table(text, "Steps", "| step | result | took | estimated |", report.Steps.Select(s => $"| {s.Name} | {s.Status} | {Duration(s.Took)} | {Duration(s.Estimated)} |"));
        Table(text, "Decisions", "| when | who | what | words |", report.Decisions.Select(d => $"| {d.At:yyyy-MM-dd HH:mm:ss}Z | {Cell(d.Actor)} | {d.Action} | {Cell(d.Detail)} |"));
        Table(text, "Data", "| name | from | to | objects | bytes |", report.Data.Select(d => $"| {Cell(d.Name)} | {Cell(d.Source)} | {Cell(d.Target)} | {d.Objects:N0} | {d.Bytes:N0} |"));
        Verification(text, report);
        Table(text, "Left behind", "| what | code | why |", report.LeftBehind.Select(l => $"| {l.Undo} | {l.Code} | {Cell(l.Detail)} |"));
        if (report.Alerts is { } alerts) AlertSection.Write(text, alerts);
        List(text, "Lessons", report.Lessons);
        Table(text, "Changes planned, and their undo", "| step | change | undo |", report.Changes.Select(c => $"| {c.Step} | {Cell(c.What)} | {Cell(c.Undo)} |"));
        List(text, $"Risks{(report.RiskScore is { } score ? $" (score {score} of 100)" : "")}", [.. report.Risks.Select(r => $"{r.Points}: {r.Evidence}")]);
        Table(text, "Change log", "| # | when | who | what | detail |", report.ChangeLog.Select(l => $"| {l.Seq} | {l.At:HH:mm:ss.fff}Z | {Cell(l.Actor)} | {l.Action} | {Cell(l.Detail)} |"));
        return text.ToString();
    }

    private static void Head(StringBuilder text, MigrationReport report)
    {
        text.AppendLine($"# Migration {report.Id}: {report.Status}").AppendLine();
        if (report.Failure is { } failure) text.AppendLine($"**{failure.Step}: {failure.Code}.** {Cell(failure.Detail)}").AppendLine();
        text.AppendLine("| | |").AppendLine("|---|---|");
        Row(text, "Site", report.HostName ?? report.Site);
        Row(text, "Resource", report.Site);
        Row(text, "Mode", report.Mode);
        Row(text, "Reason", report.Reason);
        Row(text, "Ticket", report.Ticket);
        Row(text, "Runbook", report.Runbook);
        Row(text, "Requested by", report.RequestedBy);
        Row(text, "Started", $"{report.StartedAt:yyyy-MM-dd HH:mm:ss}Z");
        Row(text, "Ended", $"{report.EndedAt:yyyy-MM-dd HH:mm:ss}Z");
        Row(text, "Support", report.Contacts?.Support);
        Row(text, "Owner", report.Contacts?.Owner);
        text.AppendLine();
    }

    private static void Figures(StringBuilder text, MigrationReport report)
    {
        var figures = report.Figures;
        text.AppendLine("## Figures").AppendLine().AppendLine("| figure | value | how it was measured |").AppendLine("|---|---|---|");
        Figure(text, "Server errors after the swap", figures.FailedRequests?.ToString("N0"), "the platform's Http5xx from the swap to the end of the watch");
        Figure(text, "Requests after the swap", figures.Requests?.ToString("N0"), "the platform's Requests in the same time");
        Figure(text, "Write pause", figures.WritePauseMs is { } pause ? $"{pause:N0} ms" : null, "from before the call that paused writes until after the one that resumed them");
        if (figures.RollbackWritePauseMs is { } back)
            Figure(text, "Write pause going back", $"{back:N0} ms", "as the one before, of the swap back to the old version");
        if (figures.Probes is not null)
            Figure(text, "Downtime", $"{figures.DowntimeMs:N0} ms", "by probes from outside, from the cut-over to the end of the watch; below: how closely, and what they missed");
        if (report.Snapshot is { } snapshot)
        {
            Figure(text, "Snapshot", snapshot.Data is { } data ? $"{data.Copied:N0} objects copied, {data.Reused:N0} unchanged" : "configuration alone", "against the newest snapshot of the same data");
            Figure(text, "Test restore", $"{snapshot.Data?.Sampled ?? 0:N0} objects, {snapshot.ConfigurationTest?.Members ?? 0:N0} members of the configuration", "restored into a scratch place, compared, removed");
        }
        Figure(text, "Objects copied", figures.ObjectsCopied?.ToString("N0"), "full copy and delta passes");
        Figure(text, "Bytes copied", figures.BytesCopied?.ToString("N0"), "full copy and delta passes");
        Figure(text, "Objects compared", figures.ObjectsCompared?.ToString("N0"), "both listings, object by object");
        Figure(text, "Objects repaired", figures.ObjectsRepaired?.ToString("N0"), "differed in one round of the comparison, and no longer after a full pass");
        Figure(text, "Mismatches", figures.Mismatches?.ToString("N0"), "in the last comparison");
        Figure(text, "Duration", figures.DurationMs is { } ms ? $"{ms / 1000.0:N1} s" : null, "from the request to the report");
        text.AppendLine();
        if (report.Before is null && report.After is null) return;
        text.AppendLine("| | before | after |").AppendLine("|---|---|---|");
        Compare(text, report, "Requests per second", t => t.RequestsPerSecond, "0.0");
        Compare(text, report, "Error rate", t => t.ErrorRate, "0.00 %");
        Compare(text, report, "Response time (s)", t => t.ResponseSeconds, "0.000");
        text.AppendLine();
    }

    private static void Verification(StringBuilder text, MigrationReport report)
    {
        if (report.Verification is not { } verification) return;
        List<string> rows =
        [
            $"| data | {verification.ObjectsCompared:N0} objects compared, {verification.Mismatches:N0} differ, {verification.Repaired:N0} repaired | {Age(report, verification)} |",
            .. (verification.Data ?? []).Select(d => $"| {Cell(d.Name)} | {d.Missing:N0} missing, {d.Extra:N0} extra, {d.Different:N0} different | {Detail(d)} |"),
            .. verification.Checks.Select(c => $"| {Cell(c.Name)} | {c.Status} in {c.Milliseconds:0} ms | {Cell(c.Fault ?? "passed")} |"),
        ];
        if (verification.Load is { } load) rows.Add($"| load | {load.Requests:N0} requests, {load.Failed:N0} failed | 95th percentile {load.P95Milliseconds:0} ms |");
        Table(text, "Verification", "| check | result | detail |", rows);
        if (verification.Differences is { } all) text.AppendLine($"All differences of all rounds: `{all}` in the state container leads to them.").AppendLine();
        List(text, $"Objects that differ ({verification.MismatchNames.Count:N0} of {verification.Mismatches:N0})", verification.MismatchNames);
        if (report.Watch is { } watch)
            Table(text, $"Watch: {watch.Outcome}", "| gate | value | limit | result |", watch.Gates.Select(g => $"| {g.Metric} | {g.Value?.ToString("0.####") ?? "no data"} | {g.Limit?.ToString("0.####") ?? "none"} | {g.Outcome} |"));
    }

    private static string Age(MigrationReport report, VerificationRecord verification)
    {
        var until = verification.StaleAt is { } stale ? $", stale at {stale:yyyy-MM-dd HH:mm:ss}Z" : "";
        var age = report.Steps.FirstOrDefault(s => s.Name == StepNames.CutOver) is { StartedAt: { } cutOver } ? $", {Duration(cutOver - verification.At)} old at the cut-over" : "";
        return $"found at {verification.At:yyyy-MM-dd HH:mm:ss}Z{age}{until}";
    }

    private static string Detail(VerifiedData data) =>
        $"{data.Compared:N0} compared in round {data.Rounds}, {data.Lagging:N0} lagging, {data.DeepChecked:N0} read on both sides{(data.ReadsAll ? "; its stored MD5s were not to be trusted" : "")}";

    private static void Compare(StringBuilder text, MigrationReport report, string name, Func<SiteTraffic, double?> value, string format)
    {
        string Show(SiteTraffic? traffic) => traffic is not null && value(traffic) is { } v ? v.ToString(format) : "no data";
        text.AppendLine($"| {name} | {Show(report.Before)} | {Show(report.After)} |");
    }

    private static void Row(StringBuilder text, string name, string? value) { if (value is { Length: > 0 }) text.AppendLine($"| {name} | {Cell(value)} |"); }

    private static void Figure(StringBuilder text, string name, string? value, string how) => text.AppendLine($"| {name} | {value ?? "not measured"} | {how} |");

    /// <summary>Nothing at all without rows.</summary>
    internal static void Table(StringBuilder text, string? title, string head, IEnumerable<string> rows)
    {
        var lines = rows.ToList();
        if (lines.Count == 0) return;
        var columns = head.Count(c => c == '|') - 1;
        if (title is not null) text.AppendLine($"## {title}").AppendLine();
        text.AppendLine(head).AppendLine($"|{string.Concat(Enumerable.Repeat("---|", columns))}");
        foreach (var line in lines) text.AppendLine(line);
        text.AppendLine();
    }

    private static void List(StringBuilder text, string title, IReadOnlyList<string> items)
    {
        if (items.Count == 0) return;
        text.AppendLine($"## {title}").AppendLine();
        foreach (var item in items) text.AppendLine($"- {Cell(item)}");
        text.AppendLine();
    }

    private static string Duration(TimeSpan? span) => span is { } s ? $"{s.TotalSeconds:0.0} s" : "–";

    // People's words and names of objects are data: what Markdown or HTML would read as its own is escaped.
    internal static string Cell(string? value)
    {
        var cell = new StringBuilder();
        foreach (var c in value ?? "")
        {
            if (c is '\n' or '\r') cell.Append(' ');
            else if (c is '<') cell.Append("&lt;");
            else if (c is '>') cell.Append("&gt;");
            else if (c is '&') cell.Append("&amp;");
            else if (c is '|' or '*' or '_' or '`' or '[' or ']' or '\\' or '!' or '#') cell.Append('\\').Append(c);
            else cell.Append(c);
        }
        return cell.ToString();
    }
}
