using Azure.Storage.Blobs.Models;
using Microsoft.DurableTask.Client;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Snapshots;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Tests.Data;

[Collection(AzuriteCollection.Name)]
public sealed class DataOrchestratorTests(Azurite azurite)
{
    /// <summary>The ways in which activities go wrong without harm.</summary>
    public static TheoryData<string> Troubles => ["none", "each twice", "failing before", "answer lost"];

    [Theory, MemberData(nameof(Troubles))]
    public async Task A_sync_brings_all_data_sets_into_step_whatever_happens_to_its_activities(string trouble)
    {
        await using var app = await DataApp.StartAsync(azurite, Trouble(trouble));
        var (orders, media) = (await DataPair.CreateAsync(azurite), await DataPair.CreateAsync(azurite));
        for (var i = 0; i < 20; i++) await orders.Source.PutAsync($"order {i}", $"{i}");
        await media.Source.PutAsync("logo.svg", "<svg/>");

        var ended = await app.RunAsync(nameof(SyncOrchestrator), new SyncInput(DataPair.RunId, [orders.Set, media.Set with { Name = "media" }], 21, 100));

        var result = ended.ReadOutputAs<SyncResult>()!;
        Assert.Equal(["orders", "media"], result.Data.Select(data => data.Name));
        Assert.All(result.Data, data => Assert.InRange(data.Lag, TimeSpan.Zero, orders.Set.MaxLag));
        Assert.Equal(new StepProgress(21, 21, 100, 100, 0), ended.ReadCustomStatusAs<StepProgress>()! with { ObjectsPerSecond = null, BytesPerSecond = null, LagSeconds = null });
        await orders.AssertEqualAsync();
        await media.AssertEqualAsync();
    }

    [Fact]
    public async Task A_sync_of_many_batches_continues_as_new_and_forgets_nothing()
    {
        await using var app = await DataApp.StartAsync(azurite);
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order", "1");
        // A history holds two hundred batches.
        var data = Enumerable.Range(0, 205).Select(number => pair.Set with { Name = $"{number}", MaxLag = TimeSpan.FromHours(1) }).ToArray();

        var result = await app.SucceedAsync<SyncResult>(nameof(SyncOrchestrator), new SyncInput(DataPair.RunId, data, 1, 1));

        Assert.Equal(data.Select(set => set.Name), result.Data.Select(set => set.Name));
        Assert.All(result.Data, set => Assert.Equal(1, set.Passes));
        Assert.Equal((1, 205), (result.Objects, app.Faults.Called.Count));
    }

    [Fact]
    public async Task A_permanent_failure_of_the_store_is_not_repeated()
    {
        await using var app = await DataApp.StartAsync(azurite);
        var pair = await DataPair.WithoutTargetAsync(azurite);

        var ended = await app.RunAsync(nameof(SyncOrchestrator), new SyncInput(DataPair.RunId, [pair.Set], 1, 1));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        var cause = ended.FailureDetails!.InnerFailure ?? ended.FailureDetails;
        Assert.Equal(BlobCodes.NoContainer, FailureCode.Read($"{cause.ErrorType}: {cause.ErrorMessage}"));
        Assert.Single(app.Faults.Called);
    }

    [Theory, MemberData(nameof(Troubles))]
    public async Task A_snapshot_of_all_data_sets_is_sealed_and_its_restore_tried(string trouble)
    {
        await using var app = await DataApp.StartAsync(azurite, Trouble(trouble));
        var (orders, media) = (await DataPair.CreateAsync(azurite), await DataPair.CreateAsync(azurite));
        await orders.Source.PutAsync("same name", "an order");
        await media.Source.PutAsync("same name", "a picture");
        var snapshots = azurite.NewContainer("orchstore");
        DataSet[] data = [orders.Set, media.Set with { Name = "media" }];

        var result = await app.SucceedAsync<SnapshotDataResult>(
            nameof(SnapshotDataOrchestrator), new SnapshotDataInput(DataPair.RunId, data, snapshots.Uri.ToString(), RetainDays: 30, TestRestore: true));

        Assert.Equal((2, 17, 2), (result.Objects, result.Bytes, result.Sampled));
        Assert.Equal((2, 0, 2), (result.Copied, result.Reused, (await snapshots.NamesAsync("objects/")).Count));
        Assert.False(result.Immutable);
        Assert.Contains("501", result.NotImmutable, StringComparison.Ordinal);
        Assert.True((await azurite.Stores.Blob(result.ManifestUrl).ExistsAsync()).Value);
    }

    [Theory, MemberData(nameof(Troubles))]
    public async Task A_second_snapshot_copies_only_what_the_first_lacks_and_both_can_be_restored(string trouble)
    {
        await using var app = await DataApp.StartAsync(azurite, Trouble(trouble));
        var (pair, snapshots) = (await DataPair.CreateAsync(azurite), azurite.NewContainer("orchstore"));
        for (var i = 0; i < 10; i++) await pair.Source.PutAsync($"order {i}", $"{i}");
        var before = await ContainerContent.ReadAsync(pair.Source);
        var first = new SnapshotDataInput("first", [pair.Set], snapshots.Uri.ToString(), RetainDays: 30, TestRestore: true, TotalObjects: 10, TotalBytes: 10);
        await app.SucceedAsync<SnapshotDataResult>(nameof(SnapshotDataOrchestrator), first);
        await pair.Source.PutAsync("order 3", "changed");
        await pair.Source.DeleteBlobAsync("order 4");

        var ended = await app.RunAsync(nameof(SnapshotDataOrchestrator), first with { RunId = "second" });
        var (then, now) = (azurite.NewContainer(), azurite.NewContainer());
        var restored = await app.SucceedAsync<RestoreResult>(
            nameof(RestoreOrchestrator), new RestoreInput(new RestoreOrder("first", snapshots.Uri.ToString(), "orders", then.Uri.ToString())));
        await app.SucceedAsync<RestoreResult>(
            nameof(RestoreOrchestrator), new RestoreInput(new RestoreOrder("second", snapshots.Uri.ToString(), "orders", now.Uri.ToString())));

        var second = ended.ReadOutputAs<SnapshotDataResult>()!;
        Assert.Equal((9, 1, 7, 8, 8), (second.Objects, second.Copied, second.CopiedBytes, second.Reused, second.ReusedBytes));
        Assert.Equal(new StepProgress(9, 10, 15, 10, EtaSeconds: null), ended.ReadCustomStatusAs<StepProgress>());
        Assert.Equal((10, 0), (restored.Restored + restored.Same, restored.Conflicts));
        Assert.Equal(before, await ContainerContent.ReadAsync(then));
        Assert.Equal(await ContainerContent.ReadAsync(pair.Source), await ContainerContent.ReadAsync(now));
    }

    [Theory, MemberData(nameof(Troubles))]
    public async Task A_comparison_catches_up_first_and_finds_both_sides_equal(string trouble)
    {
        await using var app = await DataApp.StartAsync(azurite, Trouble(trouble));
        var pair = await DataPair.CreateAsync(azurite);
        for (var i = 0; i < 10; i++) await pair.Source.PutAsync($"order {i}", $"{i}");

        var result = await app.SucceedAsync<CompareDataResult>(nameof(CompareDataOrchestrator), new CompareDataInput(DataPair.RunId, [pair.Set]));

        Assert.True(result.IsEqual);
        Assert.Equal((10, 10, 1), (result.Compared, result.DeepChecked, result.Data[0].Round));
    }

    [Fact]
    public async Task The_deep_check_needs_no_listing_of_its_own()
    {
        await using var app = await DataApp.StartAsync(azurite);
        var pair = await DataPair.CreateAsync(azurite);
        for (var i = 0; i < 10; i++) await pair.Source.PutAsync($"order {i}", $"{i}");

        var result = await app.SucceedAsync<CompareDataResult>(nameof(CompareDataOrchestrator), new CompareDataInput(DataPair.RunId, [pair.Set], DeepSample: 5));

        Assert.InRange(result.DeepChecked, 1, 10);
        Assert.Equal([nameof(CopyChanges), nameof(CompareData)], app.Faults.Called);
    }

    [Fact]
    public async Task A_mismatch_that_stands_after_three_rounds_is_the_result()
    {
        await using var app = await DataApp.StartAsync(azurite);
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order", "1");
        // Someone writes to the target after every pass.
        app.Faults.Before = name => name == nameof(CompareData) ? pair.Target.PutAsync("intruder", "x") : Task.CompletedTask;

        var result = await app.SucceedAsync<CompareDataResult>(nameof(CompareDataOrchestrator), new CompareDataInput(DataPair.RunId, [pair.Set], DeepSample: 0));

        Assert.False(result.IsEqual);
        Assert.Equal([new ObjectDifference("intruder", "extra")], result.Data[0].Differences!);
        Assert.Equal(3, result.Data[0].Round);
    }

    [Fact]
    public async Task What_differs_after_the_first_round_is_put_right_by_the_next_and_counted()
    {
        await using var app = await DataApp.StartAsync(azurite);
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order", "1");
        var rounds = 0;
        app.Faults.Before = name => name == nameof(CompareData) && ++rounds == 1 ? pair.Target.PutAsync("intruder", "x") : Task.CompletedTask;

        var result = await app.SucceedAsync<CompareDataResult>(nameof(CompareDataOrchestrator), new CompareDataInput(DataPair.RunId, [pair.Set], DeepSample: 0));

        Assert.True(result.IsEqual);
        Assert.Equal((2, 1), (result.Data[0].Round, result.Repaired));
        await pair.AssertEqualAsync();
    }

    [Fact]
    public async Task Content_that_the_sample_missed_is_found_once_a_stored_md5_has_lied()
    {
        await using var app = await DataApp.StartAsync(azurite);
        var pair = await DataPair.CreateAsync(azurite);
        var names = Enumerable.Range(0, 20).Select(number => $"order {number}").ToList();
        foreach (var name in names) await pair.Source.PutAsync(name, "one");
        await pair.CopyChangesAsync();
        var sampled = names.Where(name => Sample.Takes(DataPair.RunId, name, 4)).ToList();
        var missed = names.Except(sampled).First();
        var md5 = (await pair.Source.GetBlobClient(missed).GetPropertiesAsync()).Value.ContentHash;
        await pair.Target.PutInBlocksAsync(missed, "two"u8.ToArray());
        await pair.Target.GetBlobClient(missed).SetHttpHeadersAsync(new BlobHttpHeaders { ContentType = "application/octet-stream", ContentHash = md5 });
        var input = new CompareDataInput(DataPair.RunId, [pair.Set with { MaxLag = TimeSpan.FromDays(-1) }], DeepSample: 5);

        var trusting = await app.SucceedAsync<CompareDataResult>(nameof(CompareDataOrchestrator), input);
        foreach (var container in new[] { pair.Source, pair.Target })
            await container.GetBlobClient(sampled[0]).SetHttpHeadersAsync(new BlobHttpHeaders { ContentHash = new byte[16] });
        var wary = await app.SucceedAsync<CompareDataResult>(nameof(CompareDataOrchestrator), input);

        Assert.True(trusting.IsEqual);
        Assert.Equal([new ObjectDifference(missed, "different")], wary.Data[0].Differences!);
        Assert.Equal((true, 20), (wary.Data[0].ReadsAll, wary.DeepChecked));
    }

    private static Faults Trouble(string trouble) => trouble switch
    {
        "each twice" => new Faults { EachTwice = true },
        "failing before" => new Faults { EachOnceBefore = true },
        "answer lost" => new Faults { EachOnceAfter = true },
        _ => new Faults(),
    };
}
