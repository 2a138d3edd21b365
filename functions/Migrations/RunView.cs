using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>A run as the API shows it.</summary>
public sealed record RunView(
    string Id,
    MigrationMode Mode,
    string Status,
    string Site,
    string Slot,
    string? Reason,
    string RequestedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string Version,
    IReadOnlyList<StepState> Steps,
    PendingApproval? PendingApproval,
    PendingDecision? PendingDecision,
    VerificationState? Verification,
    Figures? Figures,
    RunFailure? Failure,
    RunLinks Links,
    CutOverState? CutOver = null,
    RollbackState? Rollback = null,
    bool? Postponed = null,
    ThrottleView? Throttle = null,
    IReadOnlyList<LeftBehind>? LeftBehind = null)
{
    /// <summary>Whether a cut-over that has begun can still be held or cancelled.</summary>
    public bool CanStopSwap() => CutOver?.Phase is CutOverPhase.Preparing or CutOverPhase.Traffic or CutOverPhase.Waiting;

    public bool HasBegun(string step) => Steps.Any(seen => seen.Name == step && seen.Status is not (StepStatus.Pending or StepStatus.Skipped));

    /// <summary>A run that was accepted and has not told anything yet.</summary>
    public static RunView Accepted(MigrationInput input) => new(
        input.Id, input.Mode, RunStatus.Pending, input.Site, input.Slot, input.Reason, input.RequestedBy, input.RequestedAt, input.RequestedAt, input.Version,
        Steps: [], PendingApproval: null, PendingDecision: null, Verification: null, Figures: null, Failure: null, RunLinks.Of(input.Id));
}

public sealed record RunLinks(string Self, string Plan, string Report, string Audit)
{
    public static RunLinks Of(string id) => new(Path(id), $"{Path(id)}/plan", $"{Path(id)}/report", $"{Path(id)}/audit");

    public static string Path(string id) => $"/api/migrations/{id}";
}
