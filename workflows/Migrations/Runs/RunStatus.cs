namespace Orchestrator.Workflows.Migrations;

/// <summary>What a run as a whole is doing or how it ended, as API.md names it.</summary>
public static class RunStatus
{
    public const string Pending = "pending";
    public const string WaitingForWindow = "waitingForWindow";
    public const string Running = "running";
    public const string WaitingForApproval = "waitingForApproval";
    public const string WaitingForDecision = "waitingForDecision";
    public const string Paused = "paused";
    public const string Watching = "watching";
    public const string Compensating = "compensating";

    public const string Succeeded = "succeeded";
    public const string Planned = "planned";
    public const string Rehearsed = "rehearsed";
    public const string Rejected = "rejected";

    /// <summary>Failed, and everything undone.</summary>
    public const string Compensated = "compensated";

    /// <summary>Went back after the cut-over.</summary>
    public const string RolledBack = "rolledBack";

    public const string Cancelled = "cancelled";

    /// <summary>The undo is incomplete: an incident is open.</summary>
    public const string Failed = "failed";

    public static IReadOnlyList<string> All { get; } =
    [
        Pending, WaitingForWindow, Running, WaitingForApproval, WaitingForDecision, Paused, Watching, Compensating,
        Succeeded, Planned, Rehearsed, Rejected, Compensated, RolledBack, Cancelled, Failed,
    ];

    /// <summary>Whether nothing more will happen.</summary>
    public static bool IsEnd(string status) =>
        status is Succeeded or Planned or Rehearsed or Rejected or Compensated or RolledBack or Cancelled or Failed;
}

public static class StepStatus
{
    public const string Pending = "pending";
    public const string Running = "running";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
    public const string Skipped = "skipped";
    public const string Undone = "undone";
}

/// <summary>The steps of a run, in their order.</summary>
public static class StepNames
{
    public const string Plan = "plan";
    public const string Wait = "wait";
    public const string Snapshot = "snapshot";
    public const string Provision = "provision";
    public const string Sync = "sync";
    public const string Verify = "verify";
    public const string Approve = "approve";
    public const string CutOver = "cutOver";
    public const string Watch = "watch";
    public const string Report = "report";

    public static IReadOnlyList<string> All { get; } = [Plan, Wait, Snapshot, Provision, Sync, Verify, Approve, CutOver, Watch, Report];
}
