namespace Orchestrator.Workflows.Tests.Data;

public enum TagSupport
{
    Served,

    /// <summary>403, as for an identity whose role does not reach to tags.</summary>
    Forbidden,

    /// <summary>400 and 409, as of an account with a hierarchical namespace, which has no tags.</summary>
    Unsupported,
}

/// <summary>What the store behind the proxy can and cannot do, apart from Azurite.</summary>
public sealed class StoreAbilities
{
    /// <summary>Put Block, Put Blob, Append Block and Put Page From URL.</summary>
    public bool ContentFromUrl { get; set; }

    /// <summary>
    /// False: sources in other accounts cannot be reached, as behind a firewall: CannotVerifyCopySource. Sources in the target's account always can.
    /// </summary>
    public bool ForeignCopySources { get; set; } = true;

    /// <summary>
    /// Set, Copy Blob From URL takes only what Azure takes: block blobs up to this size, 256 MiB there, and sources with a SAS or an authorization,
    /// within one account too. Azurite has none of these limits.
    /// </summary>
    public long? MaxCopyFromUrlBytes { get; set; }

    /// <summary>How many HEADs of its target a Copy Blob stays pending for; 0: it is done at once.</summary>
    public int CopyPendingHeads { get; set; }

    /// <summary>Time-based policies of single blobs. Listings do not show them.</summary>
    public bool Immutability { get; set; }

    public TagSupport Tags { get; set; }

    /// <summary>Tells whether an immutability policy has expired.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;
}
