namespace Orchestrator.Local.Demo.Migration;

/// <summary>The part of a run that the demo reads, as the API answers it.</summary>
internal sealed record Run
{
    private static readonly string[] Ends =
        ["succeeded", "planned", "rehearsed", "rejected", "compensated", "rolledBack", "cancelled", "failed"];

    public required string Id { get; init; }

    public required string Status { get; init; }

    public IReadOnlyList<RunStep> Steps { get; init; } = [];

    public PendingApproval? PendingApproval { get; init; }

    public PendingDecision? PendingDecision { get; init; }

    public Figures? Figures { get; init; }

    public Failure? Failure { get; init; }

    public Rollback? Rollback { get; init; }

    public bool HasEnded => Ends.Contains(Status);

    public string? StatusOf(string step) => Steps.FirstOrDefault(candidate => candidate.Name == step)?.Status;
}

internal sealed record RunStep(string Name, string Status, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, StepProgress? Progress);

internal sealed record StepProgress(long? Done, long? Total);

internal sealed record PendingApproval(string Id, string Digest);

internal sealed record PendingDecision(string Id, string Step, DecisionError? Error);

internal sealed record DecisionError(string Code, string Detail);

internal sealed record Figures(long? WritePauseMs, long? ObjectsCopied, long? RollbackWritePauseMs = null);

/// <param name="Refused">Why the last request was refused; null without one.</param>
internal sealed record Rollback(DateTimeOffset? ExpiresAt, string? Refused);

internal sealed record Failure(string Step, string Code, string Detail);
