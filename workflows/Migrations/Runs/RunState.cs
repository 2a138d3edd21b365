namespace Orchestrator.Workflows.Migrations;

/// <summary>The custom status of a migration's orchestrator: what the edge shows of a run. Small, and without secrets.</summary>
public sealed record RunState(
    string Status,
    IReadOnlyList<StepState> Steps,
    PendingApproval? PendingApproval,
    PendingDecision? PendingDecision,
    Figures? Figures,
    RunFailure? Failure,
    DateTimeOffset UpdatedAt,
    VerificationState? Verification = null);

/// <param name="Status">One of <see cref="StepStatus"/>.</param>
public sealed record StepState(string Name, string Status, DateTimeOffset? StartedAt = null, DateTimeOffset? EndedAt = null, StepProgress? Progress = null);

/// <param name="Id">The run's id, a dot and the number of the question in this run: <c>shop-v2.1</c>.</param>
/// <param name="Digest">Of the plan and verification that are to be approved; an answer to another one does not count.</param>
public sealed record PendingApproval(string Id, string Digest, DateTimeOffset ExpiresAt, int Approvals, int Quorum);

/// <summary>A failure that no undo can settle, and the choices that a person has.</summary>
/// <param name="Id">The run's id, a dot, the letter d and the number of the question in this run: <c>shop-v2.d1</c>.</param>
public sealed record PendingDecision(string Id, string Step, string Severity, IReadOnlyList<string> Choices, DecisionError Error);

public sealed record DecisionError(string Code, string Detail);

/// <summary>The verification that stands, and its age: it counts until <paramref name="StaleAt"/>.</summary>
/// <param name="Round">1 for the first of the run.</param>
/// <param name="Repaired">Objects that differed at first and were put right.</param>
public sealed record VerificationState(int Round, DateTimeOffset At, DateTimeOffset StaleAt, long ObjectsCompared, long Mismatches, long Repaired);

public sealed record RunFailure(string Step, string Code, string Detail);

/// <summary>What was measured; what was not is left out.</summary>
public sealed record Figures
{
    public long? Requests { get; init; }
    public long? FailedRequests { get; init; }
    public long? WritePauseMs { get; init; }

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
