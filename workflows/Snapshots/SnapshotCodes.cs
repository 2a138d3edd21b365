namespace Orchestrator.Workflows.Snapshots;

/// <summary>Permanent failures of the data snapshot. Each has its page under docs/errors.</summary>
public static class SnapshotCodes
{
    public const string Tampered = "MIG0121";
    public const string RestoreDiffers = "MIG0122";
    public const string NoSnapshot = "MIG0123";
}
