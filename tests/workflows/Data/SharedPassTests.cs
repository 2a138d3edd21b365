using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data.BlobContainers;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Passes while customers write to both sides.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class SharedPassTests(Azurite azurite)
{
    private const string Key = "00000000000000000001";

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_both_sides_changed_is_told_by_name_and_both_versions_are_kept(bool full)
    {
        var pair = await SharedAsync(azurite, "both changed", "deleted here", "deleted there", "same");
        await pair.Source.PutAsync("both changed", "here");
        await pair.Target.PutAsync("both changed", "there");
        await pair.Source.PutAsync("both new", "here");
        await pair.Target.PutAsync("both new", "there");
        await pair.Source.DeleteBlobAsync("deleted here");
        await pair.Target.PutAsync("deleted here", "there");
        await pair.Source.PutAsync("deleted there", "here");
        await pair.Target.DeleteBlobAsync("deleted there");
        await pair.Source.PutAsync("same", "settled");
        await pair.Target.PutAsync("same", "settled");

        var conflicts = await pair.ShareUntilQuietAsync(Key, full);

        Assert.Equal(["both changed", "both new", "deleted here", "deleted there"], conflicts);
        Assert.Equal(("here", "there"), (await pair.Source.GetAsync("both changed"), await pair.Target.GetAsync("both changed")));
        Assert.Equal(("here", "there"), (await pair.Source.GetAsync("both new"), await pair.Target.GetAsync("both new")));
        Assert.Equal(("here", "there"), (await pair.Source.GetAsync("deleted there"), await pair.Target.GetAsync("deleted here")));
    }

    [Fact]
    public async Task One_direction_leaves_to_the_other_what_the_other_side_changed()
    {
        var pair = await SharedAsync(azurite, "order-1", "order-2");
        await pair.Target.PutAsync("order-1", "paid");
        await pair.Target.PutAsync("order-3", "new");
        await pair.Target.DeleteBlobAsync("order-2");

        var there = await pair.SharedDeltaAsync(Key, back: false, full: true);
        var back = await pair.SharedDeltaAsync(Key, back: true);

        Assert.Equal((0, 0, 0, 0), (there.Copied, there.Deleted, there.Left, there.Conflicts));
        Assert.Equal((2, 1, 0, 0), (back.Copied, back.Deleted, back.Left, back.Conflicts));
        Assert.Equal("paid", await pair.Source.GetAsync("order-1"));
        Assert.Equal(["order-1", "order-3"], await pair.Source.NamesAsync());
    }

    [Fact]
    public async Task A_batch_that_takes_the_target_for_private_does_nothing_there_once_it_is_shared()
    {
        var pair = await SharedAsync(azurite, "order-1");
        await pair.Target.PutAsync("order-2", "by a customer");

        Assert.Equal(SyncCodes.TargetIsShared, await CodeAsync(() => pair.CopyChangesAsync(full: true)));
        Assert.Equal(SyncCodes.TargetIsShared, await CodeAsync(() => pair.FinalDeltaAsync(full: true)));
        Assert.Equal(SyncCodes.TargetIsShared, await CodeAsync(() => pair.RemoveTargetAsync()));
        // One that was under way when it became shared: it asked before, and lists after.
        Assert.Equal(SyncCodes.TargetIsShared, await CodeAsync(() => pair.PassAsync(full: true)));
        Assert.Equal("by a customer", await pair.Target.GetAsync("order-2"));
    }

    [Fact]
    public async Task When_the_steps_have_ended_the_target_is_a_private_copy_again_and_a_late_call_does_not_share_it_anew()
    {
        var pair = await SharedAsync(azurite, "order-1");
        await pair.Target.PutAsync("order-2", "by a customer");
        await pair.Source.PutAsync("order-3", "by a customer");
        await pair.ShareUntilQuietAsync(Key);

        await pair.UnshareAsync(Key);
        await pair.ShareAsync(Key);

        Assert.Equal(SyncCodes.TargetNotShared, await CodeAsync(() => pair.SharedDeltaAsync(Key, back: true)));
        Assert.Equal((0, 0, 0), await CopiedAsync(pair));
        await pair.Source.PutAsync("order-2", "paid");
        Assert.Equal((1, 0, 0), await CopiedAsync(pair));
        await pair.AssertEqualAsync();
        await pair.ShareAsync("00000000000000000002");
        Assert.Equal(SyncCodes.TargetIsShared, await CodeAsync(() => pair.CopyChangesAsync()));
    }

    [Fact]
    public async Task A_batch_taken_again_gives_the_same_answer_and_one_that_comes_late_overwrites_nothing()
    {
        var pair = await SharedAsync(azurite, "order-1");
        await pair.Target.PutAsync("order-1", "paid");
        var asOf = DateTimeOffset.UtcNow;

        var first = await pair.SharedDeltaAsync(Key, back: true, asOf: asOf);
        await pair.Source.PutAsync("order-1", "shipped");
        var again = await pair.SharedDeltaAsync(Key, back: true, asOf: asOf);

        Assert.Equal((1, 1), (first.Copied, again.Copied));
        Assert.Equal("shipped", await pair.Source.GetAsync("order-1"));
        Assert.Empty(await pair.ShareUntilQuietAsync(Key));
        Assert.Equal("shipped", await pair.Target.GetAsync("order-1"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_a_try_left_that_died_is_no_change_of_a_customer(bool withMd5)
    {
        var pair = await SharedAsync(azurite, "order");
        if (withMd5) await pair.Source.PutAsync("order", "paid");
        else await pair.Source.PutInBlocksAsync("order", "paid"u8.ToArray());
        await DieAfterCopyingAsync(pair);
        if (withMd5) await pair.Source.PutAsync("order", "shipped");

        var back = await pair.SharedDeltaAsync(Key, back: true);
        var conflicts = await pair.ShareUntilQuietAsync(Key);

        Assert.Equal((0, 0), (back.Copied, back.Conflicts));
        Assert.Empty(conflicts);
        Assert.Equal(withMd5 ? "shipped" : "paid", await pair.Target.GetAsync("order"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_appears_after_it_was_deleted_is_a_late_copy_only_where_a_write_was_not_answered(bool isAnswered)
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var direct = await DataPair.CreateAsync(azurite);
        var pair = direct.Through(proxy);
        await pair.CopyChangesAsync(full: true);
        await pair.ShareAsync(Key);
        await direct.Source.PutAsync("order", "1");
        if (!isAnswered) proxy.Faults.Fail(request => request.Method == HttpMethod.Put && request.Container == direct.Target.Name, 500, "OperationTimedOut", times: 1);
        Assert.Empty(await pair.ShareUntilQuietAsync(Key));
        await direct.Source.DeleteBlobAsync("order");
        Assert.Empty(await pair.ShareUntilQuietAsync(Key));
        Assert.Empty(await direct.Target.NamesAsync());

        // The write without an answer reaches the store; or a customer writes the same again.
        await direct.Target.PutAsync("order", "1");
        Assert.Empty(await pair.ShareUntilQuietAsync(Key));

        Assert.Equal(isAnswered ? ["order"] : [], await direct.Source.NamesAsync());
        await direct.AssertEqualAsync();
    }

    private static async Task<DataPair> SharedAsync(Azurite azurite, params string[] names)
    {
        var pair = await DataPair.CreateAsync(azurite);
        foreach (var name in names) await pair.Source.PutAsync(name, "1");
        await pair.CopyChangesAsync(full: true);
        await pair.ShareAsync(Key);
        return pair;
    }

    /// <summary>What a batch from the source does whose process ends when it has copied and before it tells the manifest.</summary>
    private static async Task DieAfterCopyingAsync(DataPair pair)
    {
        var journal = await CopyJournal.OpenAsync(
            new SyncManifest(pair.State, DataPair.RunId, pair.Set, range: 0), new PassRules(Reverse: false, Full: false, AsOf: null, Shared: true), after: null, default);
        var (listed, there) = ((await ListedObject.FindAsync(pair.Source, "order", default))!, await ListedObject.FindAsync(pair.Target, "order", default));
        await journal.NoteAsync([(listed.Name, listed)], DateTimeOffset.UtcNow, default);
        await new ObjectCopier(pair.Source, pair.Target).CopyAsync(listed, "order", there!.ETag, () => false, default);
    }

    private static async Task<(long Copied, long Deleted, long PutBack)> CopiedAsync(DataPair pair)
    {
        var pass = await pair.CopyChangesAsync(full: true);
        return (pass.Copied, pass.Deleted, pass.PutBack);
    }

    private static async Task<string> CodeAsync(Func<Task> work) => (await Assert.ThrowsAsync<PermanentFailureException>(work)).Code;
}
