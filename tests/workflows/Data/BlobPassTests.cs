using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data.BlobContainers;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Tests.Data;

[Collection(AzuriteCollection.Name)]
public sealed class BlobPassTests(Azurite azurite)
{
    [Fact]
    public async Task Content_headers_metadata_and_tags_arrive_and_a_second_pass_finds_nothing_to_do()
    {
        var pair = await DataPair.CreateAsync(azurite);
        var headers = new BlobHttpHeaders
        {
            ContentType = "text/html", ContentEncoding = "br", ContentLanguage = "de", ContentDisposition = "inline", CacheControl = "max-age=60",
        };
        await pair.Source.PutAsync("page.html", "<p>"u8.ToArray(), headers, new Dictionary<string, string> { ["Colour"] = "blue" });
        await pair.Source.GetBlobClient("page.html").SetTagsAsync(new Dictionary<string, string> { ["stage"] = "1" });
        await pair.Source.PutAsync("cool", "c");
        await pair.Source.GetBlobClient("cool").SetAccessTierAsync(AccessTier.Cool);
        await pair.Source.PutAsync("empty", []);

        var first = await pair.CopyChangesAsync();
        var second = await pair.CopyChangesAsync();

        await pair.AssertEqualAsync();
        Assert.Equal((3, 4), (first.Copied, first.Bytes));
        Assert.Equal((0, 3), (second.Copied, second.Examined));
        Assert.Equal("1", (await pair.Target.GetBlobClient("page.html").GetTagsAsync()).Value.Tags["stage"]);
        Assert.Equal("Cool", (await pair.Target.GetBlobClient("cool").GetPropertiesAsync()).Value.AccessTier);
    }

    [Fact]
    public async Task A_tag_or_tier_that_changes_without_a_new_version_is_carried_too()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("a", "1");
        await pair.Source.PutAsync("b", "1");
        await pair.CopyChangesAsync();
        await pair.Source.GetBlobClient("a").SetTagsAsync(new Dictionary<string, string> { ["stage"] = "2" });

        var pass = await pair.CopyChangesAsync();

        Assert.Equal(1, pass.Copied);
        Assert.Equal("2", (await pair.Target.GetBlobClient("a").GetTagsAsync()).Value.Tags["stage"]);
    }

    [Fact]
    public async Task Odd_names_are_carried()
    {
        string[] names =
        [
            "a b", "100%", "50%25", "%2e", "ünï/cödé 日本.txt", "trail.", "trail./x.", "a//b", "//x", "/lead", "end/", "q?x=1&y#z", "\U0001F600", "\ue000",
            "\U0001F600/a", "plus+plus", "'quote\"", "<xml>&amp;", "~", "a:b", "*", "...", new string('x', 1024), new string('é', 500), string.Concat(Enumerable.Repeat("%20", 300)),
        ];
        var pair = await DataPair.CreateAsync(azurite);
        foreach (var name in names) await pair.Source.PutAsync(name, $"content of {name}");

        await pair.CopyChangesAsync();

        Assert.Equal(names.Length, (await pair.Target.NamesAsync()).Count);
        await pair.AssertEqualAsync();
        Assert.Equal(0, (await pair.CopyChangesAsync()).Copied);
    }

    [Theory, InlineData(11), InlineData(12), InlineData(13)]
    public async Task Whatever_changes_and_however_batches_are_repeated_both_sides_end_equal(int seed)
    {
        var pair = await DataPair.CreateAsync(azurite);
        var random = new Random(seed);
        var tree = new RandomTree(seed, pair.Source);
        var cursors = new List<PassCursor?> { null };

        for (var round = 0; round < 12; round++)
        {
            await tree.ChangeAsync(20);
            // A batch from anywhere, old places included, while the source goes on changing.
            var changing = tree.ChangeAsync(10);
            var batch = await pair.PassAsync(cursors[random.Next(cursors.Count)], random.Next(1, 30), full: random.Next(3) == 0);
            if (batch.Next is { } next) cursors.Add(next);
            await changing;
        }

        var end = await pair.CopyUntilQuietAsync();
        Assert.True(end.Conflicts == 0, string.Join(' ', end.ConflictNames!));
        await pair.AssertEqualAsync();
    }

    [Fact]
    public async Task Batches_of_one_object_reach_the_end_and_miss_nothing()
    {
        var pair = await DataPair.CreateAsync(azurite);
        for (var i = 0; i < 7; i++) await pair.Source.PutAsync($"object {i}", $"{i}");

        var (cursor, batches) = ((PassCursor?)null, 0);
        do
        {
            cursor = (await pair.PassAsync(cursor, objects: 1)).Next;
            batches++;
        }
        while (cursor is not null);

        Assert.Equal(7, batches);
        await pair.AssertEqualAsync();
        Assert.Equal((0, 7), ((await pair.PassAsync()).Copied, (await pair.PassAsync()).Seen.Count));
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
    public async Task What_something_else_did_to_the_private_copy_is_put_back_by_a_full_pass()
    {
        var pair = await DataPair.CreateAsync(azurite);
        foreach (var name in new[] { "changed", "deleted", "same" }) await pair.Source.PutAsync(name, "as production has it");
        await pair.CopyChangesAsync();
        await pair.Target.PutAsync("changed", "by a test");
        await pair.Target.PutAsync("extra", "by a test");
        await pair.Target.DeleteBlobAsync("deleted");

        var light = await pair.CopyChangesAsync();
        var full = await pair.CopyChangesAsync(full: true);

        Assert.Equal((0, 0), (light.Copied, light.PutBack));
        Assert.Equal((2, 1, 3, 0), (full.Copied, full.Deleted, full.PutBack, full.Conflicts));
        await pair.AssertEqualAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_changed_on_both_sides_is_a_conflict_and_stays_as_it_is(bool full)
    {
        var pair = await DataPair.CreateAsync(azurite);
        foreach (var name in new[] { "both changed", "deleted here", "deleted there" }) await pair.Source.PutAsync(name, "1");
        await pair.CopyChangesAsync();
        await pair.Source.PutAsync("both changed", "by production");
        await pair.Target.PutAsync("both changed", "by a test");
        await pair.Source.DeleteBlobAsync("deleted here");
        await pair.Target.PutAsync("deleted here", "by a test");
        await pair.Source.PutAsync("deleted there", "by production");
        await pair.Target.DeleteBlobAsync("deleted there");

        var first = await pair.CopyChangesAsync(full: full);
        var second = await pair.CopyChangesAsync(full: full);

        Assert.Equal(["both changed", "deleted here", "deleted there"], first.ConflictNames!.Order(StringComparer.Ordinal));
        Assert.Equal(3, second.Conflicts);
        Assert.Equal((0, 0), (first.Copied + second.Copied, first.Deleted + second.Deleted));
        Assert.Equal("by a test", await pair.Target.GetAsync("both changed"));
    }

    [Fact]
    public async Task What_became_the_same_on_both_sides_is_no_conflict()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order", "1");
        await pair.CopyChangesAsync();
        await pair.Source.PutAsync("order", "settled");
        await pair.Target.PutAsync("order", "settled");

        var pass = await pair.CopyChangesAsync();

        Assert.Equal((0, 0), (pass.Conflicts, pass.Copied));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_try_that_died_before_it_told_the_manifest_leaves_no_conflict_though_the_source_went_on(bool withMd5)
    {
        var pair = await DataPair.CreateAsync(azurite);
        Task PutAsync(string content) => withMd5 ? pair.Source.PutAsync("order", content) : pair.Source.PutInBlocksAsync("order", System.Text.Encoding.UTF8.GetBytes(content));
        await PutAsync("1");
        await pair.CopyChangesAsync();
        await PutAsync("2");
        await DieAfterCopyingAsync(pair);
        Assert.Equal("2", await pair.Target.GetAsync("order"));
        await PutAsync("3");

        var pass = await pair.Anew().CopyChangesAsync();
        Assert.Equal((1, 0), (pass.Copied, pass.Conflicts));
        Assert.Equal("3", await pair.Target.GetAsync("order"));
    }

    [Fact]
    public async Task What_an_older_pass_copies_while_the_first_is_under_way_is_no_conflict()
    {
        var pair = await DataPair.CreateAsync(azurite);
        foreach (var name in new[] { "a", "b", "c" }) await pair.Source.PutInBlocksAsync(name, "1"u8.ToArray());
        var older = (await pair.PassAsync(objects: 1)).Next;
        var newer = (await pair.PassAsync(objects: 2)).Next;
        await pair.Source.PutInBlocksAsync("b", "2"u8.ToArray());
        await pair.PassAsync(older, objects: 1);
        Assert.Null((await pair.PassAsync(newer)).Next);
        await pair.Source.PutInBlocksAsync("b", "three"u8.ToArray());

        var end = await pair.CopyUntilQuietAsync();

        Assert.Equal(0, end.Conflicts);
        await pair.AssertEqualAsync();
    }

    [Fact]
    public async Task A_batch_taken_again_after_it_was_told_gives_the_same_answer()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order", "1");
        var asOf = DateTimeOffset.UtcNow;

        var first = await pair.CopyChangesAsync(asOf);
        var again = await pair.CopyChangesAsync(asOf);

        Assert.Equal((1, 1), (first.Copied, again.Copied));
        Assert.Equal(first.Lag, again.Lag);
        await pair.AssertEqualAsync();
    }

    [Fact]
    public async Task Ranges_are_carried_by_themselves_and_make_up_the_whole()
    {
        var pair = await DataPair.CreateAsync(azurite);
        for (var i = 0; i < 40; i++) await pair.Source.PutAsync($"order {i:D3}", $"{i}");
        var sync = pair.Kinds.Sync(pair.Set);

        var divided = await sync.DivideAsync(new(DataPair.RunId, pair.Set, Most: 4, Least: 5), default);
        var third = await pair.CopyChangesAsync(range: 2);
        Assert.Equal(third.Copied, (await pair.Target.NamesAsync()).Count);
        var rest = await Task.WhenAll(new[] { 0, 1, 3 }.Where(range => range < divided.Ranges).Select(range => pair.CopyChangesAsync(range: range)));

        Assert.InRange(divided.Ranges, 3, 4);
        Assert.Equal(40, third.Copied + rest.Sum(range => range.Copied));
        await pair.AssertEqualAsync();
        await pair.Source.PutAsync("a, before all", "x");
        await pair.Source.PutAsync("z, after all", "x");
        await pair.Source.DeleteBlobAsync("order 020");
        await pair.CopyUntilQuietAsync();
        await pair.AssertEqualAsync();
        Assert.Equal((0, 41), ((await pair.FinalDeltaAsync()).Remaining, (await pair.FinalDeltaAsync(full: true)).Objects));
    }

    [Fact]
    public async Task An_object_that_cannot_be_carried_stops_the_pass_with_its_code()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("old", "1");
        await pair.Source.GetBlobClient("old").SetAccessTierAsync(AccessTier.Archive);

        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => pair.CopyChangesAsync());

        Assert.Equal(BlobCodes.UnsupportedObject, failure.Code);
        Assert.Contains("'old'", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>What a batch does whose process ends when it has copied and before it tells the manifest.</summary>
    private static async Task DieAfterCopyingAsync(DataPair pair)
    {
        var journal = await CopyJournal.OpenAsync(new SyncManifest(pair.State, DataPair.RunId, pair.Set, range: 0), new PassRules(Reverse: false, Full: false, AsOf: null), after: null, default);
        var (listed, there) = ((await ListedObject.FindAsync(pair.Source, "order", default))!, await ListedObject.FindAsync(pair.Target, "order", default));
        await journal.NoteAsync([(listed.Name, listed)], DateTimeOffset.UtcNow, default);
        var copier = new ObjectCopier(pair.Source, pair.Target);
        await copier.CopyAsync(listed, "order", there!.ETag, () => false, default);
    }
}
