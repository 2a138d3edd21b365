using Orchestrator.Functions.Migrations;

namespace Orchestrator.Functions.Approvals;

/// <summary>A question to people, as the API shows it.</summary>
public sealed record ApprovalView(
    string Id,
    string Status,
    string Migration,
    string Site,
    string? Reason,
    string RequestedBy,
    string Digest,
    DateTimeOffset ExpiresAt,
    int Approvals,
    int Quorum,
    IReadOnlyList<string> Approvers,
    RunLinks Links)
{
    /// <returns>Null where the run asks nobody.</returns>
    public static ApprovalView? Of(Run run) => run.View.PendingApproval is { } pending && run.Input.Outline.Approval is { } rules
        ? new ApprovalView(
            pending.Id, "pending", run.View.Id, run.View.Site, run.View.Reason, run.View.RequestedBy, pending.Digest, pending.ExpiresAt, pending.Approvals, pending.Quorum,
            rules.Approvers, run.View.Links)
        : null;
}
