using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>One line of a manifest: an object as it stood in the source when it was snapshotted.</summary>
/// <param name="Data">The data set.</param>
/// <param name="Key">The name under which the snapshot container has its content.</param>
/// <param name="Md5">Base64, as the source had it.</param>
/// <param name="Sha256">Of the content, hex; absent where the content did not pass through the orchestrator in one piece.</param>
/// <param name="KeptUntil">The store itself refuses to change or delete the content before; absent where it cannot.</param>
/// <param name="Kind">The kind of blob; absent for block blobs.</param>
/// <param name="Tags">Absent where the source did not tell them.</param>
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
    string? Tier = null,
    DateTimeOffset? KeptUntil = null,
    string? Kind = null,
    IReadOnlyDictionary<string, string>? Tags = null);

/// <summary>What one batch took, written once: whoever repeats the batch gets the same answer.</summary>
/// <param name="Content">The blob with the part's lines of the manifest, gzip; named after its hash.</param>
/// <param name="Copied">Objects that had to be copied; the others were there already.</param>
public sealed record SnapshotPart(string Content, string Sha256, int Length, long Objects, long Bytes, long Copied, long CopiedBytes, string? Cursor)
{
    public SnapshotPartResult Result => new(Objects, Bytes, Cursor, Copied, CopiedBytes);
}

/// <summary>A stretch of the manifest that is a gzip file of its own, with one part's lines of one data set.</summary>
/// <param name="Length">Of the stretch in bytes; the stretches follow each other without gaps.</param>
/// <param name="Sha256">Of the stretch, hex.</param>
public sealed record SnapshotSegment(string Data, int Length, long Objects, long Bytes, string Sha256);

/// <summary>The segments that one step of the sealing staged.</summary>
public sealed record SealedParts(SnapshotSegment[] Segments, long Copied, long CopiedBytes);

/// <summary>The small blob that says what a snapshot is; a snapshot without it is not finished.</summary>
/// <param name="Format">Version of header and manifest: 1, or <see cref="Current"/>.</param>
/// <param name="ManifestSha256">
/// Hex. Format 1: of the manifest as stored. Format 2: of the segments' hashes, each in hex and followed by a line feed, so that a manifest of any length can be
/// written and checked a segment at a time.
/// </param>
/// <param name="Segments">Of the manifest, in its order; format 2.</param>
/// <param name="Immutable">Objects, manifest and header can be neither changed nor deleted until <paramref name="RetainUntil"/>: the store sees to it.</param>
/// <param name="NotImmutable">Why not.</param>
public sealed record SnapshotHeader(
    int Format,
    string RunId,
    DateTime TakenAt,
    DateTime RetainUntil,
    string[] Data,
    long Objects,
    long Bytes,
    string Manifest,
    string ManifestSha256,
    SnapshotSegment[]? Segments = null,
    long Copied = 0,
    long CopiedBytes = 0,
    bool Immutable = false,
    string? NotImmutable = null)
{
    public const int Current = 2;
}

/// <summary>The first thing of a snapshot that is written: what was asked for.</summary>
public sealed record SnapshotBegun(string RunId, DateTime? TakenAt, DateTime? RetainUntil);

/// <summary>Points to a finished snapshot of a data set.</summary>
public sealed record SnapshotPointer(string RunId, string Data);
