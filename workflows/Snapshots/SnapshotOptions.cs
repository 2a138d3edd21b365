using Azure.Storage.Blobs.Models;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>The section <c>Snapshots</c>: the installation's choices about them.</summary>
public sealed class SnapshotOptions
{
    public const string Section = "Snapshots";

    /// <summary>
    /// False (default): policies are Unlocked. They keep everybody from changing and deleting, and whoever may set policies can take them away. True: Locked;
    /// nobody, no owner and no support, can shorten them, so a snapshot taken by mistake is paid for until its retention ends.
    /// </summary>
    public bool LockRetention { get; init; }

    internal BlobImmutabilityPolicyMode Mode => LockRetention ? BlobImmutabilityPolicyMode.Locked : BlobImmutabilityPolicyMode.Unlocked;
}
