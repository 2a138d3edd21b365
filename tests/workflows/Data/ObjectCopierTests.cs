using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Tests.Data;

[Collection(AzuriteCollection.Name)]
public sealed class ObjectCopierTests(Azurite azurite)
{
    [Fact]
    public async Task A_target_object_written_after_the_listing_is_not_overwritten()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order", "from the source");
        var listed = (await ListedObject.FindAsync(pair.Source, "order", default))!;
        await pair.Target.PutAsync("order", "newer");
        var copier = new ObjectCopier(pair.Source, pair.Target);

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
        var copier = new ObjectCopier(pair.Source, pair.Target);

        Assert.Equal(CopyOutcome.Overtaken, (await copier.CopyAsync(changed, "changed", null, () => false, default)).Outcome);
        Assert.Equal(CopyOutcome.Overtaken, (await copier.CopyAsync(vanished, "vanished", null, () => false, default)).Outcome);
        Assert.Empty(await pair.Target.NamesAsync());
    }

    [Fact]
    public async Task A_large_object_is_copied_in_bounded_memory()
    {
        var pair = await DataPair.CreateAsync(azurite);
        const int megabytes = 112;
        await PutLargeAsync(pair.Source, "large.bin", megabytes);
        var listed = (await ListedObject.FindAsync(pair.Source, "large.bin", default))!;
        var copier = new ObjectCopier(pair.Source, pair.Target);
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
        var copier = new ObjectCopier(pair.Source, pair.Target);
        var (asked, askedAgain) = (0, 0);

        var first = await copier.CopyAsync(listed, "large.bin", null, () => Interlocked.Increment(ref asked) > 10, default);
        var staged = (await pair.Target.GetBlockBlobClient("large.bin").GetBlockListAsync(BlockListTypes.Uncommitted)).Value.UncommittedBlocks.Count();
        var second = await copier.CopyAsync(listed, "large.bin", null, () => Interlocked.Increment(ref askedAgain) < 0, default);

        Assert.Equal((CopyOutcome.Unfinished, 10), (first.Outcome, staged));
        Assert.Equal((CopyOutcome.Copied, 6), (second.Outcome, askedAgain));
        await pair.AssertEqualAsync();
    }

    [Fact]
    public async Task An_append_blob_arrives_with_all_that_it_has_and_as_one()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await PutAppendedAsync(pair.Source, "log", megabytes: 9);

        var result = await CopyAsync(pair, "log");

        Assert.Equal(CopyOutcome.Copied, result.Outcome);
        await AssertSameAsync(pair, "log", BlobType.Append);
    }

    [Fact]
    public async Task A_page_blob_arrives_with_the_pages_that_it_has_and_no_other()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await PutPagesAsync(pair.Source, "disk");

        var result = await CopyAsync(pair, "disk");

        Assert.Equal(CopyOutcome.Copied, result.Outcome);
        await AssertSameAsync(pair, "disk", BlobType.Page);
        long bytes = 0;
        await foreach (var page in pair.Target.GetPageBlobClient("disk").GetAllPageRangesAsync()) bytes += page.Range.Length!.Value;
        Assert.Equal(512 + (5 << 20), bytes);
    }

    [Theory, InlineData("log"), InlineData("disk")]
    public async Task What_is_written_piece_by_piece_and_cut_short_is_no_copy_and_is_taken_up_where_it_was_left(string name)
    {
        var pair = await DataPair.CreateAsync(azurite);
        if (name == "log") await PutAppendedAsync(pair.Source, name, megabytes: 9);
        else await PutPagesAsync(pair.Source, name);
        var (asked, askedAgain) = (0, 0);

        var first = await CopyAsync(pair, name, outOfTime: () => ++asked > 2);
        var partial = (await ListedObject.FindAsync(pair.Target, name, default))!;
        var source = (await ListedObject.FindAsync(pair.Source, name, default))!;
        var isCopy = ObjectEquality.DescribedAlike(partial, source);
        var second = await CopyAsync(pair, name, partial.ETag, () => ++askedAgain < 0);

        Assert.Equal((CopyOutcome.Unfinished, false), (first.Outcome, isCopy));
        Assert.Equal((CopyOutcome.Copied, 1), (second.Outcome, askedAgain));
        await AssertSameAsync(pair, name, source.Kind);
    }

    private static async Task<CopyResult> CopyAsync(DataPair pair, string name, ETag? target = null, Func<bool>? outOfTime = null)
    {
        var listed = (await ListedObject.FindAsync(pair.Source, name, default))!;
        var copier = new ObjectCopier(pair.Source, pair.Target);
        return await copier.CopyAsync(listed, name, target, outOfTime ?? (() => false), default);
    }

    private static async Task AssertSameAsync(DataPair pair, string name, BlobType kind)
    {
        await pair.AssertEqualAsync();
        var copy = (await pair.Target.GetBlobClient(name).GetPropertiesAsync()).Value;
        Assert.Equal((kind, "text/plain", "v"), (copy.BlobType, copy.ContentType, Assert.Single(copy.Metadata).Value));
    }

    private static async Task PutAppendedAsync(BlobContainerClient container, string name, int megabytes)
    {
        var blob = container.GetAppendBlobClient(name);
        await blob.CreateAsync(new AppendBlobCreateOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "text/plain" }, Metadata = new Dictionary<string, string> { ["k"] = "v" } });
        for (var i = 0; i < megabytes; i++)
        {
            var block = new byte[1 << 20];
            new Random(i).NextBytes(block);
            using var content = new MemoryStream(block);
            await blob.AppendBlockAsync(content);
        }
    }

    /// <summary>Sixteen megabytes, of which one page and five megabytes hold something: three pieces.</summary>
    private static async Task PutPagesAsync(BlobContainerClient container, string name)
    {
        var blob = container.GetPageBlobClient(name);
        await blob.CreateAsync(16 << 20, new PageBlobCreateOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "text/plain" }, Metadata = new Dictionary<string, string> { ["k"] = "v" } });
        foreach (var (offset, bytes) in new[] { (512, 512), (6 << 20, 3 << 20), (9 << 20, 2 << 20) })
        {
            var pages = new byte[bytes];
            new Random(offset).NextBytes(pages);
            using var content = new MemoryStream(pages);
            await blob.UploadPagesAsync(content, offset);
        }
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
