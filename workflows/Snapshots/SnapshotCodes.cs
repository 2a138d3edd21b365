namespace Orchestrator.Workflows.Snapshots;

/// <summary>Permanent failures of snapshots and restores. Each has its page under docs/errors.</summary>
public static class SnapshotCodes
{
    public const string Tampered = "MIG0121";
    public const string RestoreDiffers = "MIG0122";
    public const string NoSnapshot = "MIG0123";
    public const string ObjectDamaged = "MIG0124";
    public const string UnknownFormat = "MIG0125";
    public const string NotInSnapshot = "MIG0126";
    public const string ConfigurationDiffers = "MIG0127";
    public const string ConfigurationKept = "MIG0128";
    public const string ConfigurationUnknown = "MIG0129";
}
