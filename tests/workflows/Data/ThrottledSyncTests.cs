using Orchestrator.Workflows.Azure;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data.BlobContainers;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>The clock runs on while a store works: what a test says of time is the least that it took.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class ThrottledSyncTests(Azurite azurite)
{
    private static readonly DateTimeOffset Then = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);
    private readonly JumpingTime time = new(Then);

    private double Second => (time.GetUtcNow() - Then).TotalSeconds;

    [Fact]
    public async Task A_sync_keeps_to_its_throttle()
    {
        var pair = await PairAsync(objects: 40);
        await ThrottleAsync(pair, objectsPerSecond: 10);

        var batch = time.Run(() => pair.CopyChangesAsync());

        Assert.Equal(40, batch.Copied);
        Assert.True(Second >= 39 / 10.0 - 0.25, $"it took {Second} s");
        await pair.AssertEqualAsync();
    }

    [Fact]
    public async Task A_sync_keeps_to_its_bytes_a_second()
    {
        var pair = await PairAsync(objects: 10, bytes: 100_000);
        await ThrottleAsync(pair, bytesPerSecond: 100_000);

        time.Run(() => pair.CopyChangesAsync());

        Assert.True(Second >= 9 - 0.25, $"it took {Second} s");
        await pair.AssertEqualAsync();
    }

    [Fact]
    public async Task A_throttle_that_is_lifted_while_a_batch_runs_holds_it_back_no_more()
    {
        var pair = await PairAsync(objects: 300);
        await ThrottleAsync(pair, objectsPerSecond: 2);

        var batch = time.Run(async () =>
        {
            var copying = pair.CopyChangesAsync();
            await time.WaitAsync(TimeSpan.FromSeconds(5), default);
            await ThrottleAsync(pair);
            return await copying;
        });

        Assert.Equal((300, null), (batch.Copied, batch.Cursor));
        Assert.InRange(Second, 5, 60);
    }

    [Fact]
    public async Task A_batch_that_is_throttled_in_the_midst_ends_in_time_and_the_next_ones_go_on()
    {
        var pair = await PairAsync(objects: 150);
        var looks = 0;
        var pace = new CopyPace(_ => Task.FromResult(looks++ == 0 ? CopyRates.Unlimited : new CopyRates(1, null)), time, _ => { });
        var passes = pair.Services.GetRequiredService<BlobPasses>();
        PassCursor? cursor = new(0, ListingCursor.Start, PassCursor.GenerationOf(Then), Part: 0);
        var batches = 0;

        while (cursor is { } at)
        {
            var began = Second;
            cursor = time.Run(async () =>
            {
                await pace.EnterAsync();
                time.Pass(TimeSpan.FromSeconds(4));
                var outcome = await passes.RunAsync(
                    DataPair.RunId, pair.Set, SyncRange.Whole, at, new PassRules(Reverse: false, Full: false, time.GetUtcNow()),
                    CopyBudget.Batch with { Pace = pace }, BatchProgress.None, default);
                pace.Leave();
                return outcome.Next;
            });
            batches++;
            Assert.True(Second - began < 150, $"batch {batches} took {Second - began} s");
        }

        Assert.True(batches > 1);
        await pair.AssertEqualAsync();
    }

    [Fact]
    public async Task What_is_copied_in_the_write_pause_and_on_the_way_back_is_never_held_back()
    {
        var pair = await PairAsync(objects: 20);
        await ThrottleAsync(pair, objectsPerSecond: 1);

        var final = time.Run(() => pair.FinalDeltaAsync());
        await pair.MarkLiveAsync();
        for (var index = 0; index < 20; index++) await pair.Target.PutAsync($"new/{index}", "by a customer");
        var back = time.Run(() => pair.ReverseDeltaAsync());

        Assert.Equal((20, 20), (final.Copied, back.Copied));
        Assert.Equal(0, Second);
    }

    private async Task<DataPair> PairAsync(int objects, int bytes = 10)
    {
        var pair = await DataPair.CreateAsync(azurite);
        await Parallel.ForAsync(0, objects, async (index, _) => await pair.Source.PutAsync($"order/{index:000}", new string('x', bytes)));
        return pair.Anew(time);
    }

    private static Task ThrottleAsync(DataPair pair, long? objectsPerSecond = null, long? bytesPerSecond = null) =>
        new RunDocuments(new BlobDocumentStore(new StateContainer(pair.State)))
            .PutAsync(RunPaths.Throttle(DataPair.RunId), new SyncThrottle(objectsPerSecond, bytesPerSecond, "oli@contoso.com", "shop is slow", Then), default);
}
