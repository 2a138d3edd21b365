namespace Orchestrator.Workflows.Migrations;

/// <summary>The custom status of a migration's orchestrator: what the edge shows of a run. Small, and without secrets.</summary>
/// <param name="LeftBehind">The first undos that did not succeed, each told in short: all of them, in full, are in the report. Absent where everything was undone.</param>
public sealed record RunState(
    string Status,
    IReadOnlyList<StepState> Steps,
    PendingApproval? PendingApproval,
    PendingDecision? PendingDecision,
    Figures? Figures,
    RunFailure? Failure,
    DateTimeOffset UpdatedAt,
    VerificationState? Verification = null,
    CutOverState? CutOver = null,
    RollbackState? Rollback = null,
    bool? Postponed = null,
    IReadOnlyList<LeftBehind>? LeftBehind = null);

/// <param name="Status">One of <see cref="StepStatus"/>.</param>
public sealed record StepState(string Name, string Status, DateTimeOffset? StartedAt = null, DateTimeOffset? EndedAt = null, StepProgress? Progress = null);

/// <param name="Id">The run's id, a dot and the number of the question in this run: <c>shop-v2.1</c>.</param>
/// <param name="Digest">Of the plan and verification that are to be approved; an answer to another one does not count.</param>
/// <param name="AskedAt">Absent where an older version asked.</param>
public sealed record PendingApproval(string Id, string Digest, DateTimeOffset ExpiresAt, int Approvals, int Quorum, DateTimeOffset? AskedAt = null);

/// <summary>A failure that no undo can settle, and the choices that a person has.</summary>
/// <param name="Id">The run's id, a dot, the letter d and the number of the question in this run: <c>shop-v2.d1</c>.</param>
/// <param name="Runbook">As the spec names it; absent where it names none.</param>
/// <param name="AskedAt">Absent where an older version asked.</param>
public sealed record PendingDecision(string Id, string Step, string Severity, IReadOnlyList<string> Choices, DecisionError Error, string? Runbook = null, DateTimeOffset? AskedAt = null);

public sealed record DecisionError(string Code, string Detail);

/// <summary>The verification that stands, and its age: it counts until <paramref name="StaleAt"/>.</summary>
/// <param name="Round">1 for the first of the run.</param>
/// <param name="Repaired">Objects that differed at first and were put right.</param>
public sealed record VerificationState(int Round, DateTimeOffset At, DateTimeOffset StaleAt, long ObjectsCompared, long Mismatches, long Repaired);

/// <summary>Where the cut-over stands, while it is under way.</summary>
/// <param name="Phase">One of <see cref="CutOverPhase"/>.</param>
/// <param name="Attempt">Of the swap; 1 for the first.</param>
/// <param name="Since">When the phase began; absent where an older version showed it.</param>
public sealed record CutOverState(string Phase, int Attempt, DateTimeOffset? Since = null);

public static class CutOverPhase
{
    /// <summary>Conditions are looked at, the swap is put in preview, the slot is checked.</summary>
    public const string Preparing = "preparing";

    /// <summary>Clients are moved in steps.</summary>
    public const string Traffic = "traffic";

    /// <summary>All is prepared; the swap waits until told, or for its next attempt.</summary>
    public const string Waiting = "waiting";

    /// <summary>Writes are paused, the rest is carried, the slots are swapped: this either happens or is restored.</summary>
    public const string Swapping = "swapping";

    /// <summary>The slots are swapped.</summary>
    public const string Swapped = "swapped";
}

/// <summary>The way back, while it is open.</summary>
/// <param name="ExpiresAt">Until then the old version is kept ready, and what is written to the new side is copied back.</param>
/// <param name="Refused">Why the last wish to go back was refused; absent where there was none.</param>
public sealed record RollbackState(DateTimeOffset ExpiresAt, string? Refused = null);

public sealed record RunFailure(string Step, string Code, string Detail);

/// <summary>What was measured; what was not is left out.</summary>
public sealed record Figures
{
    public long? Requests { get; init; }
    public long? FailedRequests { get; init; }
    public long? WritePauseMs { get; init; }
    public long? RollbackWritePauseMs { get; init; }

    /// <summary>From the first failed probe to the next good one, summed over the cut-over and the time after it.</summary>
    public long? DowntimeMs { get; init; }

    public long? Probes { get; init; }
    public long? FailedProbes { get; init; }

    /// <summary>The slowest good answer to a probe in the cut-over or after it.</summary>
    public long? WorstResponseMs { get; init; }

    /// <summary>The share of the cut-over and of the time after it in which probes were sent, 0 to 1.</summary>
    public double? ProbeCoverage { get; init; }

    public long? ObjectsCopied { get; init; }
    public long? BytesCopied { get; init; }
    public long? ObjectsCompared { get; init; }
    public long? Mismatches { get; init; }
    public long? ObjectsRepaired { get; init; }
    public long? LagMs { get; init; }
    public long? DurationMs { get; init; }
    public double? ErrorRateBefore { get; init; }
    public double? ErrorRateAfter { get; init; }
    public double? ResponseTimeMsBefore { get; init; }
    public double? ResponseTimeMsAfter { get; init; }
}
