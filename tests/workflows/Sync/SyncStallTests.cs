using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Tests.Data;
using Orchestrator.Workflows.Tests.Verification;

namespace Orchestrator.Workflows.Tests.Sync;

[Collection(AzuriteCollection.Name)]
public sealed class SyncStallTests(Azurite azurite)
{
    private static readonly SyncInput Input = new(DataPair.RunId, [ScriptedData.Set], TotalObjects: 10_000, TotalBytes: 10_000);

    [Fact]
    public async Task A_source_that_changes_as_fast_as_it_is_copied_is_a_result_after_few_passes_and_not_a_failure()
    {
        var data = Data(pass => pass == 1 ? (10_000, 600) : (1_000, 60));
        await using var app = await DataApp.StartAsync(azurite, services: data.AddTo);

        var result = await app.SucceedAsync<SyncResult>(nameof(SyncOrchestrator), Input);

        Assert.Equal(new SyncStall("orders", Pass: 5, Objects: 1_000, Bytes: 1_000, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10)), result.Stalled);
        Assert.Equal(5, data.Copied.Count);
    }

    [Fact]
    public async Task What_a_person_lets_go_on_goes_on_where_it_was_with_as_many_passes_again()
    {
        var data = Data(pass => pass switch { 1 => (10_000, 600), < 8 => (1_000, 60), _ => (10, 2) });
        await using var app = await DataApp.StartAsync(azurite, services: data.AddTo);
        var stalled = await app.SucceedAsync<SyncResult>(nameof(SyncOrchestrator), Input);

        var result = await app.SucceedAsync<SyncResult>(nameof(SyncOrchestrator), Input with { Progress = stalled.Remaining });

        Assert.Null(result.Stalled);
        Assert.Equal(Enumerable.Range(1, 8), data.Copied.Select(pass => pass.Pass));
        Assert.Equal((16_010, 8), (result.Objects, result.Data[0].Passes));
    }

    [Fact]
    public async Task The_status_tells_rates_an_estimate_and_the_lag_once_changes_are_followed()
    {
        var data = Data(pass => pass == 1 ? (10_000, 600) : (10, 2));
        await using var app = await DataApp.StartAsync(azurite, services: data.AddTo);

        var ended = await app.RunAsync(nameof(SyncOrchestrator), Input);

        var progress = ended.ReadCustomStatusAs<StepProgress>()!;
        Assert.Equal((10_000, 10_000, 10_000, 0), (progress.Done, progress.Total, progress.BytesDone, progress.EtaSeconds));
        Assert.True(progress is { ObjectsPerSecond: > 0, BytesPerSecond: > 0 }, progress.ToString());
        Assert.InRange(progress.LagSeconds!.Value, 2, 30);
        Assert.Equal([(1, 0, true), (2, 10_000, false)], data.Copied.Select(pass => (pass.Base!.Phase, pass.Base.Done, pass.Base.InStepUntil is null)));
    }

    /// <param name="pass">What a pass moves, one byte each, and how many seconds behind it ends.</param>
    private static ScriptedData Data(Func<int, (long Moved, int Lag)> pass) => new()
    {
        Compare = (_, _) => throw new NotSupportedException(),
        Copy = input => pass(input.Pass) is var (moved, lag) ? new CopyChangesResult(moved, 0, moved, 10_000, 0, Cursor: null, FinishedPass: true, TimeSpan.FromSeconds(lag)) : null!,
    };
}
