using Orchestrator.Workflows.Data;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>What is to be restored, and where to.</summary>
/// <param name="RunId">The run that took the snapshot.</param>
/// <param name="Container">URL of the container that holds the snapshot.</param>
/// <param name="Data">The data set's name.</param>
/// <param name="Into">URL of the place that it is restored into; created where it is missing.</param>
/// <param name="Names">Only these objects; null: all.</param>
/// <param name="Replace">What is there and differs is replaced; false (default): it stays and is told of as a conflict.</param>
/// <param name="ManifestSha256">As the run told it; with it a header that was exchanged is noticed.</param>
public sealed record RestoreOrder(
    string RunId,
    string Container,
    string Data,
    string Into,
    string[]? Names = null,
    bool Replace = false,
    string? ManifestSha256 = null,
    string Kind = DataSet.BlobContainer);

/// <param name="Cursor">Set, as <paramref name="SoFar"/>, when the orchestrator continues as new.</param>
public sealed record RestoreInput(RestoreOrder Order, string? Cursor = null, RestoreResult? SoFar = null);

/// <param name="Same">Objects that were there as they are in the snapshot.</param>
/// <param name="Conflicts">Objects that differ from the snapshot and were left.</param>
/// <param name="ConflictNames">The first hundred of them.</param>
/// <param name="NotInSnapshot">Names that were asked for and are not in the snapshot.</param>
public sealed record RestoreResult(long Restored, long Bytes, long Same, long Conflicts, string[] ConflictNames, string[] NotInSnapshot);

public sealed record RestoreBatch(RestoreOrder Order, string? Cursor = null);

/// <param name="Settled">The names that this batch settled, where names were asked for.</param>
/// <param name="Total">Objects to settle in all batches.</param>
/// <param name="TotalBytes">Zero where names were asked for.</param>
/// <param name="Cursor">Where the next batch begins; absent after the last.</param>
public sealed record RestoreBatchResult(
    long Restored, long Bytes, long Same, long Conflicts, string[] ConflictNames, string[]? Settled, long Total, long TotalBytes, string? Cursor);
