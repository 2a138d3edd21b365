using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Tests.Data;

[Collection(AzuriteCollection.Name)]
public sealed class RestoreSnapshotTests(Azurite azurite)
{
    private static readonly DateTime TakenAt = new(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task What_is_missing_comes_back_and_what_is_newer_stays_and_is_told_of()
    {
        var (pair, snapshots) = await TakenAsync("kept", "lost", "newer");
        var held = await ContainerContent.ReadAsync(pair.Source);
        await pair.Source.DeleteBlobAsync("lost");
        await pair.Source.PutAsync("newer", "written since");
        await pair.Source.PutAsync("new", "written since");

        var first = await pair.RestoreAsync(snapshots, pair.Source);
        var second = await pair.RestoreAsync(snapshots, pair.Source);

        Assert.Equal((1, 4, 1, 1), (first.Restored, first.Bytes, first.Same, first.Conflicts));
        Assert.Equal((0, 2, 1), (second.Restored, second.Same, second.Conflicts));
        Assert.Equal(["newer"], first.ConflictNames);
        Assert.Equal("written since", await pair.Source.GetAsync("newer"));
        Assert.Equal("written since", await pair.Source.GetAsync("new"));
        Assert.Equal(held["lost"], (await ContainerContent.ReadAsync(pair.Source))["lost"]);
    }

    [Fact]
    public async Task A_snapshot_of_an_empty_container_restores_nothing_and_fails_at_nothing()
    {
        var (pair, snapshots) = await TakenAsync();

        var result = await pair.RestoreAsync(snapshots, pair.Source);

        Assert.Equal((0, 0, 0), (result.Restored, result.Same, result.Conflicts));
    }

    [Fact]
    public async Task What_is_asked_to_be_replaced_is_replaced_and_nothing_beside_it()
    {
        var (pair, snapshots) = await TakenAsync("a", "b");
        await pair.Source.PutAsync("a", "written since");
        await pair.Source.PutAsync("b", "written since");

        var result = await pair.RestoreAsync(snapshots, pair.Source, names: ["a", "never there"], replace: true);

        Assert.Equal((1, 0, 0), (result.Restored, result.Same, result.Conflicts));
        Assert.Equal(["a"], result.Settled!);
        Assert.Equal(("a", "written since"), (await pair.Source.GetAsync("a"), await pair.Source.GetAsync("b")));
    }

    [Fact]
    public async Task Headers_and_metadata_come_back_as_the_manifest_tells_them()
    {
        var pair = await DataPair.CreateAsync(azurite);
        var snapshots = azurite.NewContainer("orchstore");
        await pair.Source.PutAsync("page", "<p>"u8.ToArray(), new BlobHttpHeaders { ContentType = "text/html", CacheControl = "no-store" }, new Dictionary<string, string> { ["Colour"] = "blue" });
        await TakeAsync(pair, snapshots);
        var held = await ContainerContent.ReadAsync(pair.Source);
        await pair.Source.GetBlobClient("page").SetMetadataAsync(new Dictionary<string, string>());

        var left = await pair.RestoreAsync(snapshots, pair.Source);
        var replaced = await pair.RestoreAsync(snapshots, pair.Source, replace: true);

        Assert.Equal((1, 1), (left.Conflicts, replaced.Restored));
        Assert.Equal(held, await ContainerContent.ReadAsync(pair.Source));
    }

    [Theory, InlineData("manifest", SnapshotCodes.Tampered), InlineData("last segment", SnapshotCodes.Tampered), InlineData("header", SnapshotCodes.NoSnapshot),
     InlineData("format", SnapshotCodes.UnknownFormat), InlineData("data", SnapshotCodes.NotInSnapshot)]
    public async Task A_snapshot_that_cannot_be_trusted_or_read_restores_nothing(string what, string code)
    {
        var (pair, snapshots) = await TakenAsync([.. Enumerable.Range(0, 40).Select(number => $"order {number}")]);
        var (header, manifest) = ("run-1/snapshot.json", "run-1/manifest.ndjson.gz");
        var bytes = (await snapshots.GetBlobClient(manifest).DownloadContentAsync()).Value.Content.ToArray();
        if (what == "manifest") await snapshots.DeleteBlobAsync(manifest);
        if (what == "last segment") await snapshots.PutAsync(manifest, [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);
        if (what == "header") await snapshots.DeleteBlobAsync(header);
        if (what == "format") await snapshots.PutAsync(header, (await snapshots.GetAsync(header)).Replace("\"format\":2", "\"format\":7"));
        if (what == "data") await snapshots.PutAsync(header, (await snapshots.GetAsync(header)).Replace("\"data\":[\"orders\"]", "\"data\":[]"));
        var into = await azurite.CreateContainerAsync();
        await into.PutAsync("theirs", "1");

        Assert.Equal(code, await CodeAsync(() => pair.RestoreAsync(snapshots, into)));
        Assert.Equal(["theirs"], await into.NamesAsync());
    }

    [Fact]
    public async Task A_damaged_object_is_not_restored()
    {
        var (pair, snapshots) = await TakenAsync("order");
        // As long, and without an MD5 that would tell.
        await snapshots.PutInBlocksAsync((await snapshots.NamesAsync("objects/")).Single(), "other"u8.ToArray());
        var into = azurite.NewContainer();

        Assert.Equal(SnapshotCodes.ObjectDamaged, await CodeAsync(() => pair.RestoreAsync(snapshots, into)));
        await snapshots.DeleteBlobAsync((await snapshots.NamesAsync("objects/")).Single());
        Assert.Equal(SnapshotCodes.ObjectDamaged, await CodeAsync(() => pair.RestoreAsync(snapshots, into)));
        Assert.Empty(await into.NamesAsync());
    }

    [Fact]
    public async Task A_snapshot_of_format_1_is_restored()
    {
        var pair = await DataPair.CreateAsync(azurite);
        var snapshots = await azurite.CreateContainerAsync("orchstore");
        await pair.Source.PutAsync("a", "1");
        await pair.Source.PutAsync("b", "2");
        await OldSnapshot.WriteAsync(pair, snapshots, TakenAt);
        var into = azurite.NewContainer();

        var result = await pair.RestoreAsync(snapshots, into);

        Assert.Equal((2, 2), (result.Restored, result.Total));
        Assert.Equal(await ContainerContent.ReadAsync(pair.Source), await ContainerContent.ReadAsync(into));
        await snapshots.PutAsync("run-1/manifest.ndjson.gz", "nothing");
        Assert.Equal(SnapshotCodes.Tampered, await CodeAsync(() => pair.RestoreAsync(snapshots, azurite.NewContainer())));
    }

    private async Task<(DataPair Pair, BlobContainerClient Snapshots)> TakenAsync(params string[] names)
    {
        var pair = await DataPair.CreateAsync(azurite);
        var snapshots = azurite.NewContainer("orchstore");
        foreach (var name in names) await pair.Source.PutAsync(name, name);
        // A part an object: what is found wrong late must not have written early.
        await pair.TakeInPartsAsync(snapshots, DataPair.RunId, TakenAt, partOf: 1);
        return (pair, snapshots);
    }

    private static async Task TakeAsync(DataPair pair, BlobContainerClient snapshots)
    {
        await pair.SnapshotAsync(snapshots);
        await pair.SealAsync(snapshots, TakenAt);
    }

    private static async Task<string> CodeAsync(Func<Task> work) => (await Assert.ThrowsAsync<PermanentFailureException>(work)).Code;
}
