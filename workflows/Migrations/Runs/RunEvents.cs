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

public sealed record CancelRequest(string Person, string Reason, DateTimeOffset At);
