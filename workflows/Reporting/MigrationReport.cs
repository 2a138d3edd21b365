using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Planning;
using Orchestrator.Workflows.Probing;
using Orchestrator.Workflows.Snapshots;
using Orchestrator.Workflows.Traffic;
using Orchestrator.Workflows.Verification;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Reporting;

/// <summary>A run in retrospect: what was wanted, what was done, by whom it was decided, what it cost, what is left, what to learn.</summary>
/// <param name="Probes">Null where there were none: the spec wanted none, or the run ended before.</param>
/// <param name="Traffic">Null where clients were not moved in steps.</param>
/// <param name="Alerts">Null where the spec wants no alert rules, or the watch did not pass.</param>
public sealed record MigrationReport(
    string Id, string Mode, string Status, string Site, string? HostName, string? Reason, string? Ticket, string? Runbook, string RequestedBy,
    DateTimeOffset StartedAt, DateTimeOffset EndedAt, Figures Figures, RunFailure? Failure, IReadOnlyList<ReportedStep> Steps,
    SiteTraffic? Before, SiteTraffic? After, IReadOnlyList<PlannedData> Data, VerificationRecord? Verification, WatchResult? Watch,
    IReadOnlyList<AuditLine> Decisions, IReadOnlyList<AuditLine> ChangeLog, IReadOnlyList<PlannedChange> Changes, IReadOnlyList<LeftBehind> LeftBehind,
    IReadOnlyList<Risk> Risks, int? RiskScore, IReadOnlyList<string> Lessons, ContactsSpec? Contacts, SnapshotResult? Snapshot = null, ProbeSummary? Probes = null,
    TrafficRecord? Traffic = null, AlertResult? Alerts = null);

/// <param name="Estimated">What the plan expected; null where it expected nothing.</param>
public sealed record ReportedStep(string Name, string Status, TimeSpan? Took, TimeSpan? Estimated, DateTimeOffset? StartedAt = null);

public sealed record ReportOrder(
    string RunId, string Status, RunState State, SiteTraffic? Before, SiteTraffic? After, WatchResult? Watch, IReadOnlyList<LeftBehind> LeftBehind, string RequestedBy, DateTimeOffset StartedAt,
    SnapshotResult? Snapshot = null);
