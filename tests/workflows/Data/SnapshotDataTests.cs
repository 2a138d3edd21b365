using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Tests.Data;

[Collection(AzuriteCollection.Name)]
public sealed class SnapshotDataTests(Azurite azurite)
{
    private static readonly DateTime TakenAt = new(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task A_snapshot_holds_every_object_and_a_sorted_manifest_that_tells_of_each()
    {
        var (pair, snapshots) = await CreateAsync();
        var longName = new string('n', 1024);
        string[] names = ["b 100%", "a/ü", longName];
        foreach (var name in names) await pair.Source.PutAsync(name, $"content of {name}");
        await pair.Source.PutAsync("empty", []);

        var part = await pair.SnapshotAsync(snapshots);
        var seal = await pair.SealAsync(snapshots, TakenAt);
        var restore = await pair.TestRestoreAsync(snapshots, seal.ManifestSha256);

        var entries = await ManifestAsync(snapshots);
        Assert.Null(part.Cursor);
        Assert.Equal((4, 4, 4), (part.Objects, seal.Objects, restore.Sampled));
        Assert.Equal(["a/ü", "b 100%", "empty", longName], entries.Select(entry => entry.Name));
        Assert.All(entries, entry => Assert.NotNull(entry.Sha256));
        Assert.Equal("content of b 100%", await snapshots.GetAsync(entries[1].Key));
        Assert.Equal($"content of {longName}", await snapshots.GetAsync(entries[3].Key));
    }

    [Fact]
    public async Task A_part_taken_again_is_the_same_even_though_the_source_has_changed()
    {
        var (pair, snapshots) = await CreateAsync();
        await pair.Source.PutAsync("order", "one");
        var first = await pair.SnapshotAsync(snapshots);
        var seal = await pair.SealAsync(snapshots, TakenAt);
        await pair.Source.PutAsync("order", "two, and longer");
        await pair.Source.PutAsync("order-2", "new");

        Assert.Equal(first, await pair.SnapshotAsync(snapshots));
        Assert.Equal(seal, await pair.SealAsync(snapshots, TakenAt));
        Assert.Equal("one", await snapshots.GetAsync((await ManifestAsync(snapshots)).Single().Key));
    }

    [Fact]
    public async Task An_object_taken_by_a_try_that_never_answered_is_not_copied_again()
    {
        var (pair, snapshots) = await CreateAsync();
        await pair.Source.PutAsync("order", "one");
        await pair.SnapshotAsync(snapshots);
        var taken = Assert.Single(await snapshots.NamesAsync("objects/"));
        var written = (await snapshots.GetBlobClient(taken).GetPropertiesAsync()).Value.ETag;
        await snapshots.DeleteBlobAsync($"{DataPair.RunId}/parts/orders/000000.part.json");

        await pair.SnapshotAsync(snapshots);
        var seal = await pair.SealAsync(snapshots, TakenAt);

        Assert.Equal(written, (await snapshots.GetBlobClient(taken).GetPropertiesAsync()).Value.ETag);
        Assert.NotNull((await ManifestAsync(snapshots)).Single().Sha256);
        Assert.Equal((1, 1), (seal.Copied, (await pair.TestRestoreAsync(snapshots, seal.ManifestSha256)).Sampled));
    }

    [Fact]
    public async Task An_object_altered_in_the_snapshot_fails_the_test_restore_and_leaves_no_scratch()
    {
        var (pair, snapshots) = await CreateAsync();
        await pair.Source.PutInBlocksAsync("order", "one"u8.ToArray());
        await pair.SnapshotAsync(snapshots);
        var seal = await pair.SealAsync(snapshots, TakenAt);
        // As long, and no MD5 on any side that would tell.
        await snapshots.PutInBlocksAsync((await ManifestAsync(snapshots)).Single().Key, "two"u8.ToArray());

        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => pair.TestRestoreAsync(snapshots, seal.ManifestSha256));

        Assert.Equal(SnapshotCodes.RestoreDiffers, failure.Code);
        Assert.DoesNotContain(await azurite.ContainerNamesAsync("orchstore"), name => name.StartsWith("orchestrator-restore", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tampered_manifest_is_refused()
    {
        var (pair, snapshots) = await CreateAsync();
        await pair.Source.PutAsync("order", "one");
        await pair.SnapshotAsync(snapshots);
        var seal = await pair.SealAsync(snapshots, TakenAt);
        await snapshots.PutAsync($"{DataPair.RunId}/manifest.ndjson.gz", "nothing");

        Assert.Equal(SnapshotCodes.Tampered, await CodeAsync(() => pair.TestRestoreAsync(snapshots, seal.ManifestSha256)));
    }

    [Fact]
    public async Task A_snapshot_without_all_its_parts_is_not_sealed()
    {
        var (pair, snapshots) = await CreateAsync();
        await snapshots.CreateAsync();

        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => pair.SealAsync(snapshots, TakenAt));

        Assert.Equal(SnapshotCodes.NoSnapshot, failure.Code);
        Assert.DoesNotContain(await snapshots.NamesAsync(), name => name.EndsWith("snapshot.json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_header_that_was_exchanged_with_its_manifest_is_refused_by_whoever_knows_the_seal()
    {
        var (pair, snapshots) = await CreateAsync();
        await pair.Source.PutAsync("order", "one");
        await pair.SnapshotAsync(snapshots);
        var seal = await pair.SealAsync(snapshots, TakenAt);
        await pair.Source.PutAsync("order", "two");
        await pair.SnapshotAsync(snapshots, runId: "other");
        await pair.SealAsync(snapshots, TakenAt, "other");
        await snapshots.PutAsync($"{DataPair.RunId}/snapshot.json", await snapshots.GetAsync("other/snapshot.json"));

        Assert.Equal(SnapshotCodes.Tampered, await CodeAsync(() => pair.TestRestoreAsync(snapshots, seal.ManifestSha256)));
    }

    [Fact]
    public async Task A_snapshot_of_many_parts_is_sealed_in_steps_that_can_be_repeated_and_its_manifest_is_one_sorted_gzip_file()
    {
        var (pair, snapshots) = await CreateAsync();
        var (other, kinds) = (await DataPair.CreateAsync(azurite), pair.Kinds);
        DataSet[] data = [pair.Set with { Name = "z" }, other.Set with { Name = "a" }];
        foreach (var name in new[] { "b", "a" })
        {
            await pair.Source.PutAsync(name, name);
            await other.Source.PutAsync(name, name);
        }

        foreach (var set in data) await new SnapshotData(kinds).RunAsync(new("run-1", set, snapshots.Uri.ToString(), 0), default);
        var input = new SealSnapshotInput("run-1", data, [1, 1], snapshots.Uri.ToString(), TakenAt, RetainDays: 30, Step: 0, PartsPerStep: 1);
        var seal = new SealSnapshot(pair.Stores, pair.Retention, NullLogger<SealSnapshot>.Instance);

        Assert.Equal(1, (await seal.RunAsync(input, default)).NextStep);
        Assert.Equal(1, (await seal.RunAsync(input, default)).NextStep);
        var done = await seal.RunAsync(input with { Step = 1 }, default);
        var again = await seal.RunAsync(input with { Step = 1 }, default);

        Assert.Equal(done, again);
        Assert.Equal((null, 4, 4), (done.NextStep, done.Objects, done.Copied));
        Assert.Equal(["a/a", "a/b", "z/a", "z/b"], (await ManifestAsync(snapshots)).Select(entry => $"{entry.Data}/{entry.Name}"));
        Assert.Equal(4, (await pair.TestRestoreAsync(snapshots, done.ManifestSha256)).Sampled);
    }

    [Fact]
    public async Task A_seal_whose_header_was_never_written_is_finished_and_another_manifest_in_its_place_is_refused()
    {
        var (pair, snapshots) = await CreateAsync();
        await pair.Source.PutAsync("order", "one");
        await pair.SnapshotAsync(snapshots);
        var seal = await pair.SealAsync(snapshots, TakenAt);
        await snapshots.DeleteBlobAsync($"{DataPair.RunId}/snapshot.json");

        Assert.Equal(seal, await pair.SealAsync(snapshots, TakenAt));
        await snapshots.DeleteBlobAsync($"{DataPair.RunId}/snapshot.json");
        await snapshots.PutAsync($"{DataPair.RunId}/manifest.ndjson.gz", "nothing");
        Assert.Equal(SnapshotCodes.Tampered, await CodeAsync(() => pair.SealAsync(snapshots, TakenAt)));
    }

    private async Task<(DataPair Pair, BlobContainerClient Snapshots)> CreateAsync() =>
        (await DataPair.CreateAsync(azurite), azurite.NewContainer("orchstore"));

    private static async Task<string> CodeAsync(Func<Task> work) => (await Assert.ThrowsAsync<PermanentFailureException>(work)).Code;

    private static Task<List<SnapshotEntry>> ManifestAsync(BlobContainerClient snapshots) => SnapshotContent.ManifestAsync(snapshots, DataPair.RunId);
}
