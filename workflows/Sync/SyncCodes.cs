namespace Orchestrator.Workflows.Sync;

/// <summary>Permanent failures of the sync. Each has its page under docs/errors.</summary>
public static class SyncCodes
{
    public const string NotConverging = "MIG0110";
    public const string TargetInUse = "MIG0111";
    public const string TargetIsLive = "MIG0112";
    public const string ReverseDiffers = "MIG0113";
    public const string TargetNotOurs = "MIG0114";
    public const string Conflicts = "MIG0116";
    public const string TargetIsShared = "MIG0341";
    public const string TargetNotShared = "MIG0342";
}
