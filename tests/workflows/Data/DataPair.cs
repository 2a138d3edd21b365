using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Snapshots;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>A source, a target and the activities that work on them.</summary>
/// <param name="stores">What the activities reach containers through; null: Azurite.</param>
internal sealed class DataPair(Azurite azurite, BlobContainerClient source, BlobContainerClient target, BlobStores? stores = null)
{
    public const string RunId = "run-1";
    private DataKinds? _kinds;

    public BlobStores Stores { get; } = stores ?? azurite.Stores;

    public BlobContainerClient Source => source;

    public BlobContainerClient Target => target;

    public DataSet Set { get; } = new("orders", source.Uri.ToString(), target.Uri.ToString(), TimeSpan.FromSeconds(10), Reverse: true);

    public ContainerCopier Copier { get; } = new(TimeProvider.System);

    public Retention Retention { get; init; } = TestKinds.NewRetention();

    public DataKinds Kinds => _kinds ??= TestKinds.Create(Stores, retention: Retention);

    /// <summary>Both containers exist, the target as this run's.</summary>
    public static async Task<DataPair> CreateAsync(Azurite azurite)
    {
        var pair = await WithoutTargetAsync(azurite);
        await pair.EnsureTargetAsync();
        return pair;
    }

    public static async Task<DataPair> WithoutTargetAsync(Azurite azurite) =>
        new(azurite, await azurite.CreateContainerAsync(), azurite.NewContainer());

    public Task EnsureTargetAsync(string runId = RunId) =>
        new EnsureTargetContainer(Kinds).RunAsync(new(runId, Set), default);

    public Task<bool> RemoveTargetAsync(string runId = RunId) =>
        new RemoveTargetContainer(Kinds).RunAsync(new(runId, Set), default);

    public Task MarkLiveAsync() => new MarkTargetLive(Kinds).RunAsync(new(RunId, Set), default);

    public Task<CopyChangesResult> CopyChangesAsync(DateTimeOffset? asOf = null, string runId = RunId) =>
        new CopyChanges(Kinds).RunAsync(new(runId, Set, asOf ?? DateTimeOffset.UtcNow), default);

    public Task<FinalDeltaResult> FinalDeltaAsync(TimeSpan? limit = null, DateTimeOffset? asOf = null, ContainerCopier? copier = null) =>
        new FinalDelta(copier is null ? Kinds : TestKinds.Create(Stores, copier), TimeProvider.System, NullLogger<FinalDelta>.Instance)
            .RunAsync(new(RunId, [Set], asOf ?? DateTimeOffset.UtcNow, limit ?? TimeSpan.FromSeconds(30)), default);

    public Task<ReverseDeltaResult> ReverseDeltaAsync(DateTimeOffset cutOverAt) =>
        new ReverseDelta(Kinds).RunAsync(new(RunId, Set, cutOverAt), default);

    public Task<TryReverseResult> TryReverseAsync() => new TryReverse(Kinds).RunAsync(new(RunId, Set), default);

    public Task<DataSetCount> CountAsync() => new CountObjects(Kinds).RunAsync(Set, default);

    public Task<CompareDataBatchResult> CompareAsync(TimeSpan? maxLag = null, int? deepOneIn = null, int? alsoReadOneIn = null) =>
        new CompareData(Kinds)
            .RunAsync(
                new(RunId, Set with { MaxLag = maxLag ?? TimeSpan.FromDays(-1) }, DateTimeOffset.UtcNow, DeepOneIn: deepOneIn, AlsoReadOneIn: alsoReadOneIn),
                default);

    public Task<SnapshotPartResult> SnapshotAsync(
        BlobContainerClient snapshots, int part = 0, string runId = RunId, DateTime? takenAt = null, DateTime? retainUntil = null) =>
        new SnapshotData(Kinds).RunAsync(new(runId, Set, snapshots.Uri.ToString(), part, Cursor: null, takenAt, retainUntil), default);

    public Task<SealSnapshotResult> SealAsync(BlobContainerClient snapshots, DateTime takenAt, string runId = RunId) =>
        new SealSnapshot(Stores, Retention, NullLogger<SealSnapshot>.Instance)
            .RunAsync(new(runId, [Set], [1], snapshots.Uri.ToString(), takenAt, RetainDays: 30), default);

    public Task<TestRestoreResult> TestRestoreAsync(BlobContainerClient snapshots, string sha256, string runId = RunId) =>
        new TestRestore(Stores, TimeProvider.System, NullLogger<TestRestore>.Instance).RunAsync(new(runId, snapshots.Uri.ToString(), sha256), default);

    public Task<RestoreBatchResult> RestoreAsync(
        BlobContainerClient snapshots, BlobContainerClient into, string runId = RunId, string[]? names = null, bool replace = false) =>
        new RestoreSnapshot(Kinds).RunAsync(new(new(runId, snapshots.Uri.ToString(), Set.Name, into.Uri.ToString(), names, replace)), default);

    public Task<CopyBatch> CopyAsync(ListingCursor? cursor = null, CopyBudget? budget = null, CopyRules? rules = null) =>
        Copier.CopyChangesAsync(source, target, cursor ?? ListingCursor.Start, budget ?? CopyBudget.Batch, rules ?? new CopyRules { DeleteExtras = true }, default);

    /// <summary>Passes until one finds nothing to do.</summary>
    public async Task CopyUntilQuietAsync()
    {
        for (var pass = 0; pass < 10_000; pass++)
        {
            var batch = await CopyAsync();
            if (batch.Copied + batch.Deleted + batch.Overtaken == 0) return;
        }

        Assert.Fail("The passes never came to rest.");
    }

    public async Task AssertEqualAsync() => Assert.Equal(await ContainerContent.ReadAsync(source), await ContainerContent.ReadAsync(target));
}
