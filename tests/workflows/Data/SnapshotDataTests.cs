using System.IO.Compression;
using Azure.Storage.Blobs;
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
    public async Task An_object_taken_by_a_try_that_never_answered_is_not_written_again()
    {
        var (pair, snapshots) = await CreateAsync();
        await pair.Source.PutAsync("order", "one");
        await pair.SnapshotAsync(snapshots);
        await snapshots.DeleteBlobAsync($"{DataPair.RunId}/parts/orders/000000.json");
        await pair.Source.PutAsync("order", "two");

        await pair.SnapshotAsync(snapshots);
        var seal = await pair.SealAsync(snapshots, TakenAt);

        Assert.Equal("one", await snapshots.GetAsync((await ManifestAsync(snapshots)).Single().Key));
        Assert.Equal(1, (await pair.TestRestoreAsync(snapshots, seal.ManifestSha256)).Sampled);
    }

    [Fact]
    public async Task An_object_altered_in_the_snapshot_fails_the_test_restore_and_leaves_no_scratch()
    {
        var (pair, snapshots) = await CreateAsync();
        await pair.Source.PutAsync("order", "one");
        await pair.SnapshotAsync(snapshots);
        var seal = await pair.SealAsync(snapshots, TakenAt);
        await snapshots.PutAsync((await ManifestAsync(snapshots)).Single().Key, "two");

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

        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => pair.TestRestoreAsync(snapshots, seal.ManifestSha256));

        Assert.Equal(SnapshotCodes.Tampered, failure.Code);
    }

    [Fact]
    public async Task A_snapshot_without_all_its_parts_is_not_sealed()
    {
        var (pair, snapshots) = await CreateAsync();
        await snapshots.CreateAsync();

        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => pair.SealAsync(snapshots, TakenAt));

        Assert.Equal(SnapshotCodes.NoSnapshot, failure.Code);
        Assert.Empty(await snapshots.NamesAsync());
    }

    private async Task<(DataPair Pair, BlobContainerClient Snapshots)> CreateAsync() =>
        (await DataPair.CreateAsync(azurite), azurite.NewContainer("orchstore"));

    private static async Task<List<SnapshotEntry>> ManifestAsync(BlobContainerClient snapshots)
    {
        await using var stored = await snapshots.GetBlobClient($"{DataPair.RunId}/manifest.ndjson.gz").OpenReadAsync();
        await using var plain = new GZipStream(stored, CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => System.Text.Json.JsonSerializer.Deserialize<SnapshotEntry>(line, SnapshotJson.Options)!)];
    }
}
