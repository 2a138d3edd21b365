using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Tests.Data;

[Collection(AzuriteCollection.Name)]
public sealed class ContainerCopierTests(Azurite azurite)
{
    [Fact]
    public async Task Content_headers_and_metadata_arrive_and_a_second_pass_finds_nothing_to_do()
    {
        var pair = await DataPair.CreateAsync(azurite);
        var headers = new BlobHttpHeaders
        {
            ContentType = "text/html", ContentEncoding = "br", ContentLanguage = "de", ContentDisposition = "inline", CacheControl = "max-age=60",
        };
        await pair.Source.PutAsync("page.html", "<p>"u8.ToArray(), headers, new Dictionary<string, string> { ["Colour"] = "blue" });
        await pair.Source.PutAsync("empty", []);

        var first = await pair.CopyAsync();
        var second = await pair.CopyAsync();

        await pair.AssertEqualAsync();
        Assert.Equal((2, 3), (first.Copied, first.Bytes));
        Assert.Equal((0, 2), (second.Copied, second.Examined));
    }

    [Fact]
    public async Task Odd_names_are_carried()
    {
        string[] names =
        [
            "a b", "100%", "50%25", "%2e", "ünï/cödé 日本.txt", "trail.", "trail./x.", "a//b", "//x", "/lead", "end/", "q?x=1&y#z", "\U0001F600", "\ue000",
            "\U0001F600/a", "plus+plus", "'quote\"", "<xml>&amp;", "~", "a:b", "*", "...", new string('x', 1024),
        ];
        var pair = await DataPair.CreateAsync(azurite);
        foreach (var name in names) await pair.Source.PutAsync(name, $"content of {name}");

        await pair.CopyAsync();

        Assert.Equal(names.Length, (await pair.Target.NamesAsync()).Count);
        await pair.AssertEqualAsync();
        Assert.Equal(0, (await pair.CopyAsync()).Copied);
    }

    [Theory, InlineData(11), InlineData(12), InlineData(13)]
    public async Task Whatever_changes_and_however_batches_are_repeated_both_sides_end_equal(int seed)
    {
        var pair = await DataPair.CreateAsync(azurite);
        var random = new Random(seed);
        var tree = new RandomTree(random, pair.Source);
        var cursors = new List<ListingCursor> { ListingCursor.Start };

        for (var round = 0; round < 12; round++)
        {
            await tree.ChangeAsync(20);
            // A batch from anywhere, old places included, while the source goes on changing.
            var changing = tree.ChangeAsync(10);
            var batch = await pair.CopyAsync(cursors[random.Next(cursors.Count)], CopyBudget.Batch with { Objects = random.Next(1, 30) });
            if (batch.Next is { } next) cursors.Add(next);
            await changing;
        }

        await pair.CopyUntilQuietAsync();
        await pair.AssertEqualAsync();
    }

    [Fact]
    public async Task Batches_of_one_object_reach_the_end_and_miss_nothing()
    {
        var pair = await DataPair.CreateAsync(azurite);
        for (var i = 0; i < 7; i++) await pair.Source.PutAsync($"object {i}", $"{i}");

        var (cursor, batches) = ((ListingCursor?)ListingCursor.Start, 0);
        for (; cursor is not null; batches++) cursor = (await pair.CopyAsync(cursor, CopyBudget.Batch with { Objects = 1 })).Next;

        Assert.Equal(7, batches);
        await pair.AssertEqualAsync();
    }

    [Fact]
    public async Task A_target_object_written_after_the_listing_is_not_overwritten()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order", "from the source");
        var listed = (await ListedObject.FindAsync(pair.Source, "order", default))!;
        await pair.Target.PutAsync("order", "newer");
        using var copier = new ObjectCopier(pair.Source, pair.Target);

        var absentWhenListed = await copier.CopyAsync(listed, "order", target: null, () => false, default);
        var otherWhenListed = await copier.CopyAsync(listed, "order", new ETag("\"0x123\""), () => false, default);

        Assert.Equal((CopyOutcome.Overtaken, CopyOutcome.Overtaken), (absentWhenListed.Outcome, otherWhenListed.Outcome));
        Assert.Equal("newer", await pair.Target.GetAsync("order"));
    }

    [Fact]
    public async Task A_source_object_that_changed_or_vanished_after_the_listing_is_left_to_the_next_pass()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("changed", "one");
        await pair.Source.PutAsync("vanished", "one");
        var changed = (await ListedObject.FindAsync(pair.Source, "changed", default))!;
        var vanished = (await ListedObject.FindAsync(pair.Source, "vanished", default))!;
        await pair.Source.PutAsync("changed", "two");
        await pair.Source.DeleteBlobAsync("vanished");
        using var copier = new ObjectCopier(pair.Source, pair.Target);

        Assert.Equal(CopyOutcome.Overtaken, (await copier.CopyAsync(changed, "changed", null, () => false, default)).Outcome);
        Assert.Equal(CopyOutcome.Overtaken, (await copier.CopyAsync(vanished, "vanished", null, () => false, default)).Outcome);
        Assert.Empty(await pair.Target.NamesAsync());
    }

    [Fact]
    public async Task A_batch_that_runs_late_touches_nothing_that_the_target_got_after_it_was_decided()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order-1", "as production had it");
        await pair.Target.PutAsync("order-1", "changed by the new version");
        await pair.Target.PutAsync("order-2", "written by the new version");

        var late = await pair.CopyChangesAsync(asOf: DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1));

        Assert.Equal((0, 0, 2), (late.Copied, late.Deleted, late.Left));
        Assert.Equal("changed by the new version", await pair.Target.GetAsync("order-1"));
        Assert.Equal("written by the new version", await pair.Target.GetAsync("order-2"));
    }

    [Fact]
    public async Task Extras_are_deleted_only_where_that_is_asked_for()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Target.PutAsync("extra", "x");

        await pair.CopyAsync(rules: new CopyRules());
        Assert.Equal(["extra"], await pair.Target.NamesAsync());

        await pair.CopyAsync(rules: new CopyRules { DeleteExtras = true });
        Assert.Empty(await pair.Target.NamesAsync());
    }

    [Fact]
    public async Task A_large_object_is_copied_in_bounded_memory()
    {
        var pair = await DataPair.CreateAsync(azurite);
        const int megabytes = 112;
        await PutLargeAsync(pair.Source, "large.bin", megabytes);
        var listed = (await ListedObject.FindAsync(pair.Source, "large.bin", default))!;
        using var copier = new ObjectCopier(pair.Source, pair.Target);
        var (before, peak) = (GC.GetTotalMemory(forceFullCollection: true), 0L);

        var result = await copier.CopyAsync(listed, "large.bin", null, () => NotePeak(ref peak), default);

        Assert.Equal(CopyOutcome.Copied, result.Outcome);
        Assert.InRange(peak - before, 0, 96L << 20);
        await pair.AssertEqualAsync();
    }

    [Fact]
    public async Task A_large_object_cut_short_is_taken_up_where_it_was_left()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await PutLargeAsync(pair.Source, "large.bin", 64);
        var listed = (await ListedObject.FindAsync(pair.Source, "large.bin", default))!;
        using var copier = new ObjectCopier(pair.Source, pair.Target);
        var (asked, askedAgain) = (0, 0);

        var first = await copier.CopyAsync(listed, "large.bin", null, () => Interlocked.Increment(ref asked) > 10, default);
        var staged = (await pair.Target.GetBlockBlobClient("large.bin").GetBlockListAsync(BlockListTypes.Uncommitted)).Value.UncommittedBlocks.Count();
        var second = await copier.CopyAsync(listed, "large.bin", null, () => Interlocked.Increment(ref askedAgain) < 0, default);

        Assert.Equal((CopyOutcome.Unfinished, 10), (first.Outcome, staged));
        Assert.Equal((CopyOutcome.Copied, 6), (second.Outcome, askedAgain));
        await pair.AssertEqualAsync();
    }

    [Fact]
    public async Task An_object_of_a_kind_that_cannot_be_carried_stops_the_pass_with_its_code()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.GetAppendBlobClient("log").CreateAsync();

        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => pair.CopyAsync());

        Assert.Equal(BlobCodes.UnsupportedObject, failure.Code);
        Assert.Contains("'log'", failure.Message, StringComparison.Ordinal);
    }

    private static bool NotePeak(ref long peak)
    {
        var now = GC.GetTotalMemory(forceFullCollection: false);
        for (var seen = Volatile.Read(ref peak); now > seen; seen = Volatile.Read(ref peak)) Interlocked.CompareExchange(ref peak, now, seen);
        return false;
    }

    private static async Task PutLargeAsync(BlobContainerClient container, string name, int megabytes)
    {
        var (blob, ids, block) = (container.GetBlockBlobClient(name), new List<string>(), new byte[8 << 20]);
        for (var i = 0; i < megabytes / 8; i++)
        {
            new Random(i).NextBytes(block);
            ids.Add(Convert.ToBase64String(BitConverter.GetBytes(i)));
            using var content = new MemoryStream(block);
            await blob.StageBlockAsync(ids[^1], content);
        }

        await blob.CommitBlockListAsync(ids);
    }
}
