namespace Orchestrator.Workflows.Migrations;

/// <summary>The external events that a migration's orchestrator listens for.</summary>
public static class RunEvents
{
    /// <summary>With an <see cref="ApprovalAnswer"/>.</summary>
    public const string Approval = "approval";

    /// <summary>With a <see cref="DecisionAnswer"/>.</summary>
    public const string Decision = "decision";

    /// <summary>With a <see cref="CancelRequest"/>.</summary>
    public const string Cancel = "cancel";

    /// <summary>With a <see cref="ControlRequest"/>.</summary>
    public const string Control = "control";
}

/// <param name="Decision"><see cref="Approve"/> or <see cref="Reject"/>.</param>
/// <param name="Digest">What the person saw, so that an answer never counts for something else.</param>
public sealed record ApprovalAnswer(string ApprovalId, string Person, string Decision, string? Comment, string Digest, DateTimeOffset At)
{
    public const string Approve = "approve";
    public const string Reject = "reject";
}

/// <param name="Choice">One of the choices that the question offered.</param>
public sealed record DecisionAnswer(string DecisionId, string Person, string Choice, string Reason, DateTimeOffset At);

/// <summary>What somebody wants of a run while it works.</summary>
/// <param name="Kind"><see cref="Pause"/>, <see cref="Resume"/>, <see cref="Postpone"/> or <see cref="Rollback"/>.</param>
public sealed record ControlRequest(string Kind, string Person, string Reason, DateTimeOffset At)
{
    /// <summary>No step begins, and the sync stops after the batches under way.</summary>
    public const string Pause = "pause";

    /// <summary>Ends a pause and a postponement.</summary>
    public const string Resume = "resume";

    /// <summary>Everything goes on but the swap, which waits until told.</summary>
    public const string Postpone = "postpone";

    /// <summary>The old version is to be live again.</summary>
    public const string Rollback = "rollback";
}

public sealed record CancelRequest(string Person, string Reason, DateTimeOffset At);
