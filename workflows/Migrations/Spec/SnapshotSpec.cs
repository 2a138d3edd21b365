namespace Orchestrator.Workflows.Migrations;

public sealed record SnapshotSpec
{
    /// <summary>The container that data snapshots go to; null for the orchestrator's own.</summary>
    public string? Container { get; init; }

    public int RetainDays { get; init; } = 30;

    /// <summary>Whether a sample is restored and compared before the run goes on.</summary>
    public bool TestRestore { get; init; } = true;
}
