using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Tests.Data;

[Collection(AzuriteCollection.Name)]
public sealed class SyncActivityTests(Azurite azurite)
{
    [Fact]
    public async Task The_target_is_created_once_and_removed_once()
    {
        var pair = await DataPair.WithoutTargetAsync(azurite);

        await pair.EnsureTargetAsync();
        await pair.EnsureTargetAsync();
        await pair.Target.PutAsync("a", "1");

        Assert.True(await pair.RemoveTargetAsync());
        Assert.False(await pair.RemoveTargetAsync());
        Assert.False(await pair.Target.ExistsAsync());
    }

    [Fact]
    public async Task A_target_that_was_there_empty_is_there_empty_after_the_undo()
    {
        var pair = await DataPair.WithoutTargetAsync(azurite);
        await pair.Target.CreateAsync(metadata: new Dictionary<string, string> { ["owner"] = "shop" });

        await pair.EnsureTargetAsync();
        await pair.Target.PutAsync("a", "1");
        await pair.RemoveTargetAsync();

        Assert.Empty(await pair.Target.NamesAsync());
        Assert.Equal(["owner"], (await pair.Target.GetPropertiesAsync()).Value.Metadata.Keys);
    }

    [Fact]
    public async Task A_container_that_holds_something_of_others_is_refused_and_left_alone()
    {
        var pair = await DataPair.WithoutTargetAsync(azurite);
        await pair.Target.CreateAsync();
        await pair.Target.PutAsync("theirs", "1");

        Assert.Equal(SyncCodes.TargetInUse, await CodeAsync(() => pair.EnsureTargetAsync()));
        Assert.False(await pair.RemoveTargetAsync());
        Assert.Equal(["theirs"], await pair.Target.NamesAsync());
    }

    [Fact]
    public async Task Another_runs_target_is_refused_filled_by_none_and_not_removed()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("a", "1");

        Assert.Equal(SyncCodes.TargetInUse, await CodeAsync(() => pair.EnsureTargetAsync("run-2")));
        Assert.Equal(SyncCodes.TargetNotOurs, await CodeAsync(() => pair.CopyChangesAsync(runId: "run-2")));
        Assert.False(await pair.RemoveTargetAsync("run-2"));
        Assert.True(await pair.Target.ExistsAsync());
    }

    [Fact]
    public async Task A_live_target_is_neither_copied_to_nor_removed()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("a", "1");
        await pair.MarkLiveAsync();
        await pair.MarkLiveAsync();

        Assert.Equal(SyncCodes.TargetIsLive, await CodeAsync(() => pair.CopyChangesAsync()));
        Assert.Equal(SyncCodes.TargetIsLive, await CodeAsync(() => pair.FinalDeltaAsync()));
        Assert.Equal(SyncCodes.TargetIsLive, await CodeAsync(() => pair.RemoveTargetAsync()));
        Assert.Empty(await pair.Target.NamesAsync());
    }

    [Fact]
    public async Task Changes_are_copied_and_a_second_time_there_are_none()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("a", "1");
        await pair.Target.PutAsync("extra", "1");

        var first = await pair.CopyChangesAsync();
        var second = await pair.CopyChangesAsync();

        Assert.Equal((1, 1, true), (first.Copied, first.Deleted, first.FinishedPass));
        Assert.Equal((0, 0, 1), (second.Copied, second.Deleted, second.Examined));
        Assert.InRange(second.Lag!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await pair.AssertEqualAsync();
    }

    [Fact]
    public async Task The_final_delta_carries_everything_and_finds_nothing_remaining_objects_without_md5_included()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order-1", "1");
        await pair.Source.PutInBlocksAsync("order-2", "two"u8.ToArray());

        var first = await pair.FinalDeltaAsync();
        var second = await pair.FinalDeltaAsync();

        Assert.Equal((2, 0, 2), (first.Copied, first.Remaining, first.Objects));
        Assert.Equal((0, 2), (second.Remaining, second.Objects));
        await pair.AssertEqualAsync();
    }

    [Fact]
    public async Task The_final_delta_tells_what_was_written_after_it_was_decided_and_leaves_it()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order-1", "1");
        await pair.Target.PutAsync("order-1", "from elsewhere");
        await pair.Target.PutAsync("order-2", "from elsewhere");

        var result = await pair.FinalDeltaAsync(asOf: DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1));

        Assert.Equal((0, 0, 2), (result.Copied, result.Deleted, result.Remaining));
        Assert.Equal(["orders: order-1 (different)", "orders: order-2 (extra)"], result.Mismatches);
    }

    [Fact]
    public async Task The_final_delta_tells_that_the_write_pause_does_not_hold()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order-1", "1");
        // The clock is read when the source has been listed.
        var time = new ActingTime(() => pair.Source.GetBlobClient("order-2").Upload(BinaryData.FromString("late")));

        var result = await pair.Anew(time).FinalDeltaAsync();

        Assert.Equal((1, 1), (result.Copied, result.Remaining));
        Assert.Contains("the write pause does not hold", Assert.Single(result.Mismatches), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_final_delta_out_of_time_says_that_something_remains()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order-1", "1");

        var result = await pair.FinalDeltaAsync(limit: TimeSpan.FromTicks(1));

        Assert.NotEqual(0, result.Remaining);
        Assert.Contains("not finished", Assert.Single(result.Mismatches), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_way_back_carries_what_the_target_got_and_lost_since_the_cut_over()
    {
        var pair = await CutOverAsync();
        await pair.Target.PutAsync("order-1", "shipped");
        await pair.Target.PutAsync("order-3", "new");
        await pair.Target.DeleteBlobAsync("order-2");

        var first = await pair.ReverseDeltaAsync();
        var second = await pair.ReverseDeltaAsync();

        Assert.Equal((2, 1, 0), (first.Copied, first.Deleted, first.Conflicts));
        Assert.Equal((0, 0, 0), (second.Copied, second.Deleted, second.Conflicts));
        Assert.Equal("shipped", await pair.Source.GetAsync("order-1"));
        Assert.Equal(["order-1", "order-3"], await pair.Source.NamesAsync());
    }

    [Fact]
    public async Task An_object_that_changes_again_after_it_was_carried_back_is_carried_back_again()
    {
        var pair = await CutOverAsync();
        await pair.Target.PutAsync("order-1", "shipped");
        await pair.ReverseDeltaAsync();
        await pair.Target.PutAsync("order-1", "returned");

        var again = await pair.ReverseDeltaAsync();

        Assert.Equal((1, 0), (again.Copied, again.Conflicts));
        Assert.Equal("returned", await pair.Source.GetAsync("order-1"));
    }

    [Fact]
    public async Task What_the_source_got_on_its_own_after_the_cut_over_is_kept_and_reported()
    {
        var pair = await CutOverAsync();
        await pair.Target.PutAsync("order-1", "shipped");
        await pair.Source.PutAsync("order-1", "cancelled");
        await pair.Source.PutAsync("order-9", "late");

        var back = await pair.ReverseDeltaAsync();

        Assert.Equal(["order-1", "order-9"], back.ConflictNames);
        Assert.Equal("cancelled", await pair.Source.GetAsync("order-1"));
        Assert.Equal("late", await pair.Source.GetAsync("order-9"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Trying_the_way_back_touches_nothing_of_the_source_and_leaves_nothing(bool withObject)
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order-1", "1");
        if (withObject) await pair.CopyChangesAsync();
        var before = await ContainerContent.ReadAsync(pair.Source);

        var result = await pair.TryReverseAsync();
        await pair.TryReverseAsync();

        Assert.Equal(withObject ? "order-1" : null, result.Object);
        Assert.Equal(before, await ContainerContent.ReadAsync(pair.Source));
        Assert.DoesNotContain(await azurite.ContainerNamesAsync("shopstore"), name => name.StartsWith("orchestrator-reverse", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_carried_is_counted_for_the_plan()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("a", "12345");
        await pair.Source.GetAppendBlobClient("log").CreateAsync();
        await pair.Source.GetPageBlobClient("disk").CreateAsync(512);
        await pair.Source.PutAsync("old", "1");
        await pair.Source.GetBlobClient("old").SetAccessTierAsync(AccessTier.Archive);

        var count = await pair.CountAsync();

        Assert.Equal((4, 518), (count.Objects, count.Bytes));
        Assert.Equal([new("archived blob", 1)], count.Unsupported);
        Assert.Equal(["old"], count.UnsupportedNames);
    }

    /// <summary>Two orders on both sides, and the target live.</summary>
    private async Task<DataPair> CutOverAsync()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order-1", "1");
        await pair.Source.PutAsync("order-2", "2");
        await pair.FinalDeltaAsync();
        await pair.MarkLiveAsync();
        return pair;
    }

    private static async Task<string> CodeAsync(Func<Task> work) => (await Assert.ThrowsAsync<PermanentFailureException>(work)).Code;

    /// <summary>Acts once, when a batch asks for the first time whether its time is up.</summary>
    private sealed class ActingTime(Action act) : TimeProvider
    {
        private int _calls;

        public override long GetTimestamp()
        {
            if (++_calls == 2) act();
            return base.GetTimestamp();
        }
    }
}
