namespace Orchestrator.Workflows.Migrations;

/// <summary>How long there is a way back after a run has succeeded.</summary>
public sealed record RollbackSpec
{
    public static readonly TimeSpan DefaultExpiry = TimeSpan.FromDays(1);

    /// <summary>From the end of the watch; zero: the way back closes with the run.</summary>
    public TimeSpan ExpiresAfter { get; init; } = DefaultExpiry;
}
