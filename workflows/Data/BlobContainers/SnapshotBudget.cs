using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>How many objects a part may have, and how many of them may be copied: one that is only named costs a fraction. Keeps a part within a few megabytes.</summary>
public sealed record SnapshotLimits(int Named = 20_000, int Copied = 5_000);

/// <summary>What one part may use.</summary>
internal sealed class SnapshotBudget(SnapshotLimits limits, TimeProvider time)
{
    private readonly BudgetMeter _copied = new(CopyBudget.Batch with { Objects = limits.Copied }, time);
    private int _named;

    public bool IsTimeUp => _copied.IsTimeUp;

    public bool IsUsed => _named >= limits.Named || _copied.IsUsed;

    /// <summary>Called by the one who reads the listings.</summary>
    public void Use(long bytes, bool copied)
    {
        _named++;
        if (copied) _copied.Use(bytes);
    }
}
