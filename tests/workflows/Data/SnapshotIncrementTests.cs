using Azure.Storage.Blobs;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Tests.Data;

[Collection(AzuriteCollection.Name)]
public sealed class SnapshotIncrementTests(Azurite azurite)
{
    private static readonly DateTime TakenAt = new(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc);

    [Theory, InlineData(21), InlineData(22), InlineData(23)]
    public async Task Whatever_changes_between_snapshots_each_restores_exactly_what_the_source_held(int seed)
    {
        var (pair, snapshots) = await CreateAsync();
        var tree = new RandomTree(seed, pair.Source);
        var held = new List<SortedDictionary<string, string>>();
        for (var number = 0; number < 5; number++)
        {
            await tree.ChangeAsync(number == 0 ? 60 : 15);
            held.Add(await ContainerContent.ReadAsync(pair.Source));
            await pair.TakeInPartsAsync(snapshots, $"run-{number}", TakenAt.AddDays(number), partOf: 7);
        }

        for (var number = 0; number < held.Count; number++)
        {
            var into = azurite.NewContainer();
            await pair.RestoreAsync(snapshots, into, $"run-{number}");
            Assert.Equal(held[number], await ContainerContent.ReadAsync(into));
        }
    }

    [Fact]
    public async Task What_has_not_changed_is_not_read_again_and_keeps_its_hash()
    {
        var (pair, snapshots) = await CreateAsync();
        var odd = new[] { "a", "a b", "a!", "a\"b", "a.", "\U0001F600", "\ue000", "ü", new string('n', 1024) };
        foreach (var name in odd) await pair.Source.PutInBlocksAsync(name, System.Text.Encoding.UTF8.GetBytes(name));
        await TakeAsync(pair, snapshots, "one", TakenAt);
        var hashes = (await SnapshotContent.ManifestAsync(snapshots, "one")).ToDictionary(entry => entry.Name, entry => entry.Sha256);
        await pair.Source.PutAsync("a!", "changed");

        var part = await pair.SnapshotAsync(snapshots, runId: "two", takenAt: TakenAt.AddDays(1));
        await pair.SealAsync(snapshots, TakenAt.AddDays(1), "two");

        var entries = await SnapshotContent.ManifestAsync(snapshots, "two");
        Assert.Equal((odd.Length, 1, 7), (part.Objects, part.Copied, part.CopiedBytes));
        Assert.Equal(odd.Order(StringComparer.Ordinal), entries.Select(entry => entry.Name));
        Assert.All(entries.Where(entry => entry.Name != "a!"), entry => Assert.Equal(hashes[entry.Name], entry.Sha256));
        Assert.Equal(odd.Length + 1, (await snapshots.NamesAsync("objects/")).Count + (await snapshots.NamesAsync("long/")).Count);
    }

    [Fact]
    public async Task A_snapshot_after_one_of_an_empty_container_has_what_came_since()
    {
        var (pair, snapshots) = await CreateAsync();
        await TakeAsync(pair, snapshots, "one", TakenAt);
        await pair.Source.PutAsync("order", "new");

        await TakeAsync(pair, snapshots, "two", TakenAt.AddDays(1));

        Assert.Equal(["order"], (await SnapshotContent.ManifestAsync(snapshots, "two")).Select(entry => entry.Name));
    }

    [Fact]
    public async Task An_object_that_is_gone_from_the_snapshot_container_is_copied_again()
    {
        var (pair, snapshots) = await CreateAsync();
        await pair.Source.PutAsync("order", "one");
        await TakeAsync(pair, snapshots, "one", TakenAt);
        await snapshots.DeleteBlobAsync((await snapshots.NamesAsync("objects/")).Single());

        var part = await pair.SnapshotAsync(snapshots, runId: "two");

        Assert.Equal(1, part.Copied);
        Assert.Single(await snapshots.NamesAsync("objects/"));
    }

    [Theory, InlineData("other, and longer", false), InlineData("two", true)]
    public async Task An_object_in_the_snapshot_container_that_is_not_what_its_name_tells_ends_the_snapshot_with_its_code(string content, bool withMd5)
    {
        var (pair, snapshots) = await CreateAsync();
        await pair.Source.PutAsync("order", "one");
        await TakeAsync(pair, snapshots, "one", TakenAt);
        var (key, bytes) = ((await snapshots.NamesAsync("objects/")).Single(), System.Text.Encoding.UTF8.GetBytes(content));
        await (withMd5 ? snapshots.PutAsync(key, bytes) : snapshots.PutInBlocksAsync(key, bytes));

        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => pair.SnapshotAsync(snapshots, runId: "two"));

        Assert.Equal(SnapshotCodes.ObjectDamaged, failure.Code);
    }

    [Theory, InlineData("unfinished"), InlineData("tampered"), InlineData("expired"), InlineData("of a later version")]
    public async Task Nothing_is_taken_over_from_a_newest_snapshot_that_cannot_be_used(string how)
    {
        var (pair, snapshots) = await CreateAsync();
        await pair.Source.PutAsync("order", "one");
        await TakeAsync(pair, snapshots, "one", TakenAt);
        var header = await snapshots.GetAsync("one/snapshot.json");
        if (how == "unfinished") await snapshots.DeleteBlobAsync("one/snapshot.json");
        if (how == "tampered") await snapshots.PutAsync("one/manifest.ndjson.gz", "nothing");
        if (how == "of a later version") await snapshots.PutAsync("one/snapshot.json", header.Replace("\"format\":2", "\"format\":3"));

        var part = await pair.SnapshotAsync(snapshots, runId: "two", takenAt: TakenAt.AddDays(how == "expired" ? 31 : 1));
        await pair.SealAsync(snapshots, TakenAt.AddDays(1), "two");

        // What is there already is hashed anew instead.
        Assert.Equal((1, 1), (part.Objects, part.Copied));
        Assert.NotNull((await SnapshotContent.ManifestAsync(snapshots, "two")).Single().Sha256);
        Assert.Single(await snapshots.NamesAsync("objects/"));
    }

    [Fact]
    public async Task The_newest_finished_snapshot_counts_and_one_that_was_not_finished_is_passed_over()
    {
        var (pair, snapshots) = await CreateAsync();
        await pair.Source.PutAsync("order", "one");
        await TakeAsync(pair, snapshots, "old", TakenAt);
        await pair.Source.PutAsync("order", "two");
        await TakeAsync(pair, snapshots, "new", TakenAt.AddDays(1));
        await pair.Source.PutAsync("order", "three");
        await TakeAsync(pair, snapshots, "newest", TakenAt.AddDays(2));

        var store = new SnapshotStore(snapshots);
        var newest = await new NewestSnapshots(store).FindAsync(pair.Set, TakenAt.AddDays(3), default);
        await snapshots.DeleteBlobAsync("newest/snapshot.json");
        var before = await new NewestSnapshots(store).FindAsync(pair.Set, TakenAt.AddDays(3), default);
        var ofAnother = await new NewestSnapshots(store).FindAsync(pair.Set with { Source = pair.Set.Target }, TakenAt.AddDays(3), default);

        Assert.Equal(("newest", "new", null), (newest!.Header.RunId, before!.Header.RunId, ofAnother));
    }

    private async Task<(DataPair Pair, BlobContainerClient Snapshots)> CreateAsync() =>
        (await DataPair.CreateAsync(azurite), azurite.NewContainer("orchstore"));

    private static async Task TakeAsync(DataPair pair, BlobContainerClient snapshots, string runId, DateTime takenAt)
    {
        await pair.SnapshotAsync(snapshots, runId: runId, takenAt: takenAt);
        await pair.SealAsync(snapshots, takenAt, runId);
    }
}
