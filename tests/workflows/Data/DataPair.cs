using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Data.BlobContainers;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Snapshots;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Tests.Migrations;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>A source, a target and the activities that work on them.</summary>
internal sealed class DataPair(BlobStores stores, BlobContainerClient state, BlobContainerClient source, BlobContainerClient target, TimeProvider? time = null)
{
    public const string RunId = "run-1";
    private IServiceProvider? _services;

    public BlobStores Stores => stores;

    public BlobContainerClient Source => source;

    public BlobContainerClient Target => target;

    public DataSet Set { get; } = new("orders", source.Uri.ToString(), target.Uri.ToString(), TimeSpan.FromSeconds(10), Reverse: true);

    /// <summary>Where the run keeps what it knows of the two.</summary>
    public BlobContainerClient State => state;

    public IServiceProvider Services => _services ??= TestKinds.Provider(stores, state, time, Retention);

    public DataKinds Kinds => new(Services);

    /// <summary>The same two containers, worked on by another process that knows nothing of this one's.</summary>
    public DataPair Anew(TimeProvider? anewTime = null) => new(stores, state, source, target, anewTime);

    public InMemoryDocuments Documents { get; } = new();


    public Retention Retention { get; init; } = TestKinds.NewRetention();


    /// <summary>Both containers exist, the target as this run's.</summary>
    public static async Task<DataPair> CreateAsync(Azurite azurite)
    {
        var pair = await WithoutTargetAsync(azurite);
        await pair.EnsureTargetAsync();
        return pair;
    }

    /// <summary>Both containers exist, and everything goes through the proxy.</summary>
    public static async Task<DataPair> ThroughAsync(Azurite azurite, StoreProxy proxy) => (await CreateAsync(azurite)).Through(proxy);

    /// <summary>The same containers, everything through the proxy.</summary>
    public DataPair Through(StoreProxy proxy) =>
        new(
            proxy.Stores,
            proxy.Stores.Container(proxy.ContainerUrl("orchstore", State.Name)),
            proxy.Stores.Container(proxy.ContainerUrl("shopstore", Source.Name)),
            proxy.Stores.Container(proxy.ContainerUrl("shopstore2", Target.Name)));

    public static async Task<DataPair> WithoutTargetAsync(Azurite azurite) =>
        new(azurite.Stores, await azurite.CreateContainerAsync("orchstore"), await azurite.CreateContainerAsync(), azurite.NewContainer());

    public Task EnsureTargetAsync(string runId = RunId) =>
        new EnsureTargetContainer(Kinds).RunAsync(new(runId, Set), default);

    public Task<bool> RemoveTargetAsync(string runId = RunId) =>
        new RemoveTargetContainer(Kinds).RunAsync(new(runId, Set), default);

    public Task MarkLiveAsync() => new MarkTargetLive(Kinds).RunAsync(new(RunId, Set), default);

    public Task<CopyChangesResult> CopyChangesAsync(DateTimeOffset? asOf = null, string runId = RunId, string? cursor = null, bool full = false, int? range = null) =>
        new CopyChanges(Kinds, Reporter, new RunDocuments(Documents)).RunAsync(new(runId, Set, asOf ?? DateTimeOffset.UtcNow, cursor, Full: full, Range: range), default);

    public Task<FinalDeltaResult> FinalDeltaAsync(TimeSpan? limit = null, DateTimeOffset? asOf = null, bool full = false) =>
        new FinalDelta(Kinds, TimeProvider.System, NullLogger<FinalDelta>.Instance)
            .RunAsync(new(RunId, [Set], asOf ?? DateTimeOffset.UtcNow, limit ?? TimeSpan.FromSeconds(30), full), default);

    public Task<ReverseDeltaResult> ReverseDeltaAsync(bool full = true) =>
        new ReverseDelta(Kinds).RunAsync(new(RunId, Set, DateTimeOffset.UtcNow, Full: full), default);

    public Task ShareAsync(string key) => new ShareTarget(Kinds).RunAsync(new(RunId, Set, key), default);

    public Task UnshareAsync(string key) => new UnshareTarget(Kinds).RunAsync(new(RunId, Set, key), default);

    /// <summary>One batch of one direction while customers write to both sides.</summary>
    public Task<SharedDeltaResult> SharedDeltaAsync(string key, bool back, bool full = false, DateTimeOffset? asOf = null, string? cursor = null) =>
        new SharedDelta(Kinds).RunAsync(new(RunId, Set, key, asOf ?? DateTimeOffset.UtcNow, back, cursor, full), default);

    /// <summary>Passes of both directions in turn until neither finds anything to do; returns the names of the conflicts.</summary>
    public async Task<IReadOnlyList<string>> ShareUntilQuietAsync(string key, bool full = false)
    {
        for (var turn = 0; turn < 50; turn++)
        {
            var (there, back) = (await SharedDeltaAsync(key, back: false, full), await SharedDeltaAsync(key, back: true, full));
            if (there.Copied + there.Deleted + there.Left + back.Copied + back.Deleted + back.Left == 0) return [.. there.ConflictNames.Union(back.ConflictNames).Order(StringComparer.Ordinal)];
        }

        throw new InvalidOperationException("The passes never came to rest.");
    }

    public Task<TryReverseResult> TryReverseAsync() => new TryReverse(Kinds).RunAsync(new(RunId, Set), default);

    public Task<DataSetCount> CountAsync() => new CountObjects(Kinds).RunAsync(new(Set), default);

    /// <summary>The differences of a part that a comparison wrote.</summary>
    public Task<IReadOnlyList<ObjectDifference>> DifferencesAsync(string part) =>
        new DifferenceParts(Documents).ReadAsync(DifferenceParts.PathOf(RunId, verification: 1, Set.Name, part), default);

    private ProgressReporter Reporter => new(Documents, TimeProvider.System, NullLogger<ProgressReporter>.Instance);

    public Task<CompareDataBatchResult> CompareAsync(TimeSpan? maxLag = null, int? deepOneIn = null, int? alsoReadOneIn = null) =>
        new CompareData(Kinds, new DifferenceParts(Documents), Reporter)
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

    /// <summary>One batch over the whole, as small as wanted.</summary>
    public Task<PassOutcome> PassAsync(
        PassCursor? cursor = null, int objects = 20_000, bool full = false, bool reverse = false, bool shared = false, CancellationToken cancellationToken = default)
    {
        var now = DateTimeOffset.UtcNow;
        return Services.GetRequiredService<BlobPasses>().RunAsync(
            RunId, Set, SyncRange.Whole, cursor ?? new PassCursor(0, ListingCursor.Start, PassCursor.GenerationOf(now), Part: 0), new PassRules(reverse, full, now, shared),
            CopyBudget.Batch with { Objects = objects }, BatchProgress.None, cancellationToken);
    }

    /// <summary>Passes until one finds nothing to do; returns its answer, added up over its batches.</summary>
    public async Task<CopyChangesResult> CopyUntilQuietAsync(bool full = false)
    {
        for (var pass = 0; pass < 100; pass++)
        {
            var whole = await WholePassAsync(full);
            if (whole.Copied + whole.Deleted + whole.Left == 0) return whole;
        }

        throw new InvalidOperationException("The passes never came to rest.");
    }

    private async Task<CopyChangesResult> WholePassAsync(bool full)
    {
        var batch = await CopyChangesAsync(full: full);
        var whole = batch;
        while (batch.Cursor is not null)
        {
            batch = await CopyChangesAsync(cursor: batch.Cursor, full: full);
            whole = batch with
            {
                Copied = whole.Copied + batch.Copied, Deleted = whole.Deleted + batch.Deleted, Left = whole.Left + batch.Left,
                Conflicts = whole.Conflicts + batch.Conflicts, ConflictNames = [.. whole.ConflictNames ?? [], .. batch.ConflictNames ?? []],
            };
        }

        return whole;
    }

    public async Task AssertEqualAsync() => Assert.Equal(await ContainerContent.ReadAsync(source), await ContainerContent.ReadAsync(target));
}
