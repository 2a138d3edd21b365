using Orchestrator.Workflows.Data;

namespace Orchestrator.Workflows.Snapshots;

/// <param name="Container">URL of the container that holds the installation's snapshots.</param>
/// <param name="TestRestore">A sample is restored into a scratch place, compared and removed.</param>
/// <param name="Progress">Set, as <paramref name="TakenAt"/>, when the orchestrator continues as new.</param>
/// <param name="TotalObjects">As the plan counted them, for the progress alone.</param>
public sealed record SnapshotDataInput(
    string RunId,
    DataSet[] Data,
    string Container,
    int RetainDays,
    bool TestRestore,
    SnapshotProgress[]? Progress = null,
    DateTime? TakenAt = null,
    long TotalObjects = 0,
    long TotalBytes = 0,
    SnapshotStage? Stage = null);

/// <summary>Where the sealing and the test restore stand; all data sets are taken by then.</summary>
public sealed record SnapshotStage(int SealStep = 0, SealSnapshotResult? Sealed = null, int TestedSegments = 0, int Sampled = 0);

/// <param name="Sampled">Objects restored and compared; none where no test restore was asked for.</param>
/// <param name="Copied">Objects copied for this snapshot; <paramref name="Reused"/> were in the container already, unchanged.</param>
/// <param name="Immutable">Nobody can change or delete the snapshot before its retention ends: the store sees to it.</param>
/// <param name="NotImmutable">Why not.</param>
public sealed record SnapshotDataResult(
    long Objects,
    long Bytes,
    string ManifestUrl,
    string ManifestSha256,
    int Sampled,
    long Copied = 0,
    long CopiedBytes = 0,
    long Reused = 0,
    long ReusedBytes = 0,
    bool Immutable = false,
    string? NotImmutable = null);

/// <summary>Where the snapshot of one data set stands.</summary>
/// <param name="Parts">Parts written so far.</param>
public sealed record SnapshotProgress(string Name, int Parts = 0, string? Cursor = null, bool Done = false, long Objects = 0, long Bytes = 0);

/// <param name="Part">Number of the part that this batch writes, from 0.</param>
/// <param name="RetainUntil">Until then the store is asked to let nobody change or delete what is taken; null: it is not asked.</param>
public sealed record SnapshotPartInput(
    string RunId, DataSet Data, string Container, int Part, string? Cursor = null, DateTime? TakenAt = null, DateTime? RetainUntil = null);

/// <param name="Cursor">Where the next part begins; absent after the last.</param>
/// <param name="Copied">Objects that had to be copied; the others were there already.</param>
public sealed record SnapshotPartResult(long Objects, long Bytes, string? Cursor, long Copied = 0, long CopiedBytes = 0);

/// <param name="Parts">How many parts each data set has, in the order of <paramref name="Data"/>.</param>
/// <param name="Step">Which of the steps this is, from 0; each seals <paramref name="PartsPerStep"/> parts.</param>
public sealed record SealSnapshotInput(
    string RunId, DataSet[] Data, int[] Parts, string Container, DateTime TakenAt, int RetainDays, int Step = 0, int PartsPerStep = 100);

/// <param name="NextStep">Set until the snapshot is sealed; the other members tell of it only then.</param>
public sealed record SealSnapshotResult(
    long Objects,
    long Bytes,
    string ManifestUrl,
    string ManifestSha256,
    int? NextStep = null,
    long Copied = 0,
    long CopiedBytes = 0,
    bool Immutable = false,
    string? NotImmutable = null);

/// <param name="Segment">Where in the manifest to go on.</param>
public sealed record TestRestoreInput(string RunId, string Container, string ManifestSha256, int Segment = 0);

/// <param name="NextSegment">Where to go on; absent when the whole manifest was read.</param>
public sealed record TestRestoreResult(int Sampled, long Bytes, int? NextSegment = null);
