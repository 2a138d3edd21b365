using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Local.DurableTask.Tests;
using Orchestrator.Workflows.Data.BlobContainers;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Tests.Data;
using Orchestrator.Workflows.Tests.Verification;

namespace Orchestrator.Workflows.Tests.Sync;

/// <summary>What passes log at the level that is kept: a way back goes on for a day, most of it without a change.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class QuietPassTests(Azurite azurite)
{
    [Fact]
    public async Task A_pass_of_the_way_back_is_told_of_only_where_it_carried_something()
    {
        var pair = await DataPair.CreateAsync(azurite);
        using var log = new LogLines(typeof(BlobSync).FullName!);
        var kinds = TestKinds.Create(pair.Stores, pair.State, more: services => services.AddSingleton<ILoggerProvider>(log));
        Task<ReverseDeltaResult> PassAsync() => new ReverseDelta(kinds).RunAsync(new(DataPair.RunId, pair.Set, DateTimeOffset.UtcNow, Full: false), default);

        await PassAsync();
        await pair.Target.PutAsync("order", "new");
        await PassAsync();
        await PassAsync();

        Assert.Equal(["Run run-1, data orders, pass 0: copied 1 (3 bytes), deleted 0, left 0"], log.Lines);
    }

    [Fact]
    public async Task The_first_pass_of_a_sync_is_told_of_and_then_those_that_move_something_or_lag()
    {
        using var log = new LogLines(typeof(SyncOrchestrator).FullName!);
        var passes = new (long Moved, int Lag)[] { (0, 600), (0, 600), (1_000, 2), (0, 2) };
        var data = new ScriptedData
        {
            Compare = (_, _) => throw new NotSupportedException(),
            Copy = input => passes[input.Pass - 1] is var (moved, lag) ? new CopyChangesResult(moved, 0, moved, 10_000, 0, Cursor: null, FinishedPass: true, TimeSpan.FromSeconds(lag)) : null!,
        };
        await using var app = await DataApp.StartAsync(azurite, services: services => data.AddTo(services.AddSingleton<ILoggerProvider>(log)));

        var result = await app.SucceedAsync<SyncResult>(nameof(SyncOrchestrator), new SyncInput("run-1", [ScriptedData.Set], TotalObjects: 10_000, TotalBytes: 10_000));

        Assert.Equal(4, result.Data[0].Passes);
        Assert.Equal(["pass 1 moved 0, lag 00:10:00", "pass 2 moved 0, lag 00:10:00", "pass 3 moved 1000, lag 00:00:02"], log.Lines.Select(line => line["Run run-1, data orders: ".Length..]));
    }
}
