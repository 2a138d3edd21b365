using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data;

namespace Orchestrator.Workflows.Snapshots;

/// <param name="Container">URL of the container that holds the installation's snapshots.</param>
/// <param name="TestRestore">A sample is restored into a scratch place, compared and removed.</param>
/// <param name="Progress">Set, as <paramref name="TakenAt"/>, when the orchestrator continues as new.</param>
public sealed record SnapshotDataInput(
    string RunId, DataSet[] Data, string Container, int RetainDays, bool TestRestore, SnapshotProgress[]? Progress = null, DateTime? TakenAt = null);

/// <param name="Sampled">Objects restored and compared; none where no test restore was asked for.</param>
public sealed record SnapshotDataResult(long Objects, long Bytes, string ManifestUrl, string ManifestSha256, int Sampled);

/// <summary>Where the snapshot of one data set stands.</summary>
/// <param name="Parts">Parts written so far.</param>
public sealed record SnapshotProgress(string Name, int Parts = 0, string? Cursor = null, bool Done = false);

/// <param name="Part">Number of the part that this batch writes, from 0.</param>
public sealed record SnapshotPartInput(string RunId, DataSet Data, string Container, int Part, string? Cursor = null);

/// <param name="Cursor">Where the next part begins; absent after the last.</param>
public sealed record SnapshotPartResult(long Objects, long Bytes, string? Cursor);

/// <param name="Parts">How many parts each data set has, in the order of <paramref name="Data"/>.</param>
public sealed record SealSnapshotInput(string RunId, DataSet[] Data, int[] Parts, string Container, DateTime TakenAt, int RetainDays);

public sealed record SealSnapshotResult(long Objects, long Bytes, string ManifestUrl, string ManifestSha256);

public sealed record TestRestoreInput(string RunId, string Container, string ManifestSha256);

public sealed record TestRestoreResult(int Sampled, long Bytes);

/// <summary>One line of a manifest: an object as it stood in the source when it was snapshotted.</summary>
/// <param name="Data">The data set.</param>
/// <param name="Key">Where the snapshot has its content, below the run's folder.</param>
/// <param name="Md5">Base64, as the source had it.</param>
/// <param name="Sha256">Of the content, hex; absent for objects copied in blocks.</param>
public sealed record SnapshotEntry(
    string Data,
    string Name,
    string Key,
    long Size,
    DateTimeOffset LastModified,
    string SourceETag,
    ObjectHeaders Headers,
    IReadOnlyDictionary<string, string> Metadata,
    string? Md5 = null,
    string? Sha256 = null,
    string? Tier = null);

/// <summary>One part as it is stored: written once, so whoever repeats its batch gets the same answer.</summary>
public sealed record SnapshotPart(SnapshotEntry[] Entries, string? Cursor)
{
    public SnapshotPartResult Result => new(Entries.Length, Entries.Sum(entry => entry.Size), Cursor);
}

/// <summary>The small blob that says what a snapshot is; a snapshot without it is not finished.</summary>
/// <param name="Format">Version of header and manifest.</param>
/// <param name="ManifestSha256">Of the manifest blob as stored, hex.</param>
public sealed record SnapshotHeader(
    int Format, string RunId, DateTime TakenAt, DateTime RetainUntil, string[] Data, long Objects, long Bytes, string Manifest, string ManifestSha256);
