namespace Orchestrator.Workflows.Migrations;

/// <summary>Who may let a run cut over. The requester never counts, listed or not.</summary>
public sealed record ApprovalSpec
{
    public required IReadOnlyList<string> Approvers { get; init; }

    /// <summary>How many different approvers must say yes; one no ends the run.</summary>
    public int Quorum { get; init; } = 1;

    /// <summary>The wait after which silence is a no.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromDays(1);

    public TimeSpan? RemindEvery { get; init; }

    public IReadOnlyList<string> EscalateTo { get; init; } = [];

    public TimeSpan? EscalateAfter { get; init; }
}
