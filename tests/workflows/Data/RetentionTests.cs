using Azure;
using Azure.Storage.Blobs;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Tests.Data;

[Collection(AzuriteCollection.Name)]
public sealed class RetentionTests(Azurite azurite)
{
    private static readonly DateTime TakenAt = DateTime.UtcNow.Date;

    [Theory, InlineData(false, "unlocked"), InlineData(true, "locked")]
    public async Task Objects_manifest_and_header_are_kept_until_the_retention_ends_and_cannot_be_changed(bool locks, string mode)
    {
        await using var store = await KeepingStore.StartAsync(azurite);
        var (pair, snapshots) = await CreateAsync(store, locks);
        await pair.Source.PutAsync("order", "one");

        var seal = await TakeAsync(pair, snapshots, "one", TakenAt);
        var again = await pair.SealAsync(snapshots, TakenAt, "one");

        Assert.Equal((true, null), (seal.Immutable, seal.NotImmutable));
        Assert.Equal(seal, again);
        var entry = (await SnapshotContent.ManifestAsync(snapshots, "one")).Single();
        Assert.Equal(Ends(TakenAt), entry.KeptUntil);
        foreach (var name in new[] { entry.Key, "one/manifest.ndjson.gz", "one/snapshot.json" })
        {
            Assert.Equal((Ends(TakenAt), mode), Policy(store, snapshots, name));
            Assert.Equal("BlobImmutableDueToPolicy", (await Assert.ThrowsAsync<RequestFailedException>(() => snapshots.PutAsync(name, "other"))).ErrorCode);
            Assert.Equal("BlobImmutableDueToPolicy", (await Assert.ThrowsAsync<RequestFailedException>(() => snapshots.DeleteBlobAsync(name))).ErrorCode);
        }
    }

    [Fact]
    public async Task An_object_lives_until_the_last_retention_that_needs_it_ends_and_its_date_never_shrinks()
    {
        await using var store = await KeepingStore.StartAsync(azurite);
        var (pair, snapshots) = await CreateAsync(store);
        await pair.Source.PutAsync("order", "one");
        await TakeAsync(pair, snapshots, "one", TakenAt);
        var key = (await SnapshotContent.ManifestAsync(snapshots, "one")).Single().Key;

        await TakeAsync(pair, snapshots, "two", TakenAt.AddDays(1));
        var extended = Policy(store, snapshots, key).Until;
        // Its retention ends before that of the one before.
        await pair.SnapshotAsync(snapshots, runId: "three", takenAt: TakenAt.AddDays(2), retainUntil: TakenAt.AddDays(5));
        await pair.SealAsync(snapshots, TakenAt.AddDays(2), "three");
        // Tells nothing of the object: no snapshot before it can be read.
        foreach (var run in new[] { "one", "two", "three" }) store.Policies.TryRemove($"orchstore/{snapshots.Name}/{run}/snapshot.json", out _);
        foreach (var run in new[] { "one", "two", "three" }) await snapshots.DeleteBlobAsync($"{run}/snapshot.json");
        await pair.SnapshotAsync(snapshots, runId: "four", takenAt: TakenAt.AddDays(3), retainUntil: TakenAt.AddDays(6));

        Assert.Equal(Ends(TakenAt.AddDays(1)), extended);
        Assert.Equal(Ends(TakenAt.AddDays(1)), Policy(store, snapshots, key).Until);
        Assert.Equal(Ends(TakenAt.AddDays(1)), (await SnapshotContent.ManifestAsync(snapshots, "three")).Single().KeptUntil);
    }

    [Fact]
    public async Task A_locked_policy_that_somebody_set_for_longer_is_left_and_extended_as_a_locked_one()
    {
        await using var store = await KeepingStore.StartAsync(azurite);
        var (pair, snapshots) = await CreateAsync(store);
        await snapshots.CreateAsync();
        await snapshots.PutAsync("held", "x");
        store.Policies[$"orchstore/{snapshots.Name}/held"] = (Ends(TakenAt), "locked");

        var earlier = await pair.Retention.ExtendAsync(snapshots, "held", Ends(TakenAt).AddDays(-1), default);
        var later = await pair.Retention.ExtendAsync(snapshots, "held", Ends(TakenAt).AddDays(1), default);
        var gone = await pair.Retention.ExtendAsync(snapshots, "nothing", Ends(TakenAt), default);

        Assert.Equal((Ends(TakenAt), Ends(TakenAt).AddDays(1), null), (earlier, later, gone));
        Assert.Equal((Ends(TakenAt).AddDays(1), "locked"), Policy(store, snapshots, "held"));
    }

    [Fact]
    public async Task A_store_that_takes_no_policies_is_asked_once_and_the_snapshot_says_why()
    {
        await using var store = await KeepingStore.StartAsync(azurite, takesPolicies: false);
        var (pair, snapshots) = await CreateAsync(store);
        for (var i = 0; i < 5; i++) await pair.Source.PutAsync($"order {i}", $"{i}");

        await pair.SnapshotAsync(snapshots, takenAt: TakenAt, retainUntil: TakenAt.AddDays(30));
        var seal = await pair.SealAsync(snapshots, TakenAt);

        Assert.Equal((false, 1), (seal.Immutable, store.Asked));
        Assert.Equal("the store refused an immutability policy (501 APINotImplemented)", seal.NotImmutable);
        Assert.All(await SnapshotContent.ManifestAsync(snapshots, DataPair.RunId), entry => Assert.Null(entry.KeptUntil));
    }

    private async Task<(DataPair Pair, BlobContainerClient Snapshots)> CreateAsync(KeepingStore store, bool locks = false)
    {
        var (source, target) = (await azurite.CreateContainerAsync(), azurite.NewContainer());
        var pair = new DataPair(
            store.Stores, await azurite.CreateContainerAsync("orchstore"), store.Stores.Container($"{store.Address}/shopstore/{source.Name}"),
            store.Stores.Container($"{store.Address}/shopstore2/{target.Name}"))
        {
            Retention = TestKinds.NewRetention(locks),
        };
        return (pair, store.Stores.Container($"{store.Address}/orchstore/{azurite.NewContainer("orchstore").Name}"));
    }

    private static async Task<SealSnapshotResult> TakeAsync(DataPair pair, BlobContainerClient snapshots, string runId, DateTime takenAt)
    {
        await pair.SnapshotAsync(snapshots, runId: runId, takenAt: takenAt, retainUntil: takenAt.AddDays(30));
        return await pair.SealAsync(snapshots, takenAt, runId);
    }

    private static DateTimeOffset Ends(DateTime takenAt) => new(takenAt.AddDays(30), TimeSpan.Zero);

    private static (DateTimeOffset Until, string Mode) Policy(KeepingStore store, BlobContainerClient snapshots, string name) =>
        store.Policies[$"orchstore/{snapshots.Name}/{name}"];
}
