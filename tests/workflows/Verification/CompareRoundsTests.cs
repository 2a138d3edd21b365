using System.Globalization;
using Orchestrator.Workflows.Tests.Data;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Tests.Verification;

[Collection(AzuriteCollection.Name)]
public sealed class CompareRoundsTests(Azurite azurite)
{
    private static readonly CompareDataInput Input = new(DataPair.RunId, [ScriptedData.Set]);

    [Fact]
    public async Task A_comparison_that_is_stopped_between_batches_goes_on_where_it_was()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stopped = false;
        var data = new ScriptedData
        {
            Compare = async (batch, cancellationToken) =>
            {
                var at = Number(batch.Cursor);
                if (at == 2 && !stopped)
                {
                    stopped = true;
                    reached.SetResult();
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }

                return ScriptedData.Batch(compared: 10, at < 5 ? $"{at + 1}" : null);
            },
        };
        await using var app = await DataApp.StartAsync(azurite, services: data.AddTo);
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(CompareDataOrchestrator), Input);

        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await app.RestartAsync(azurite);
        var ended = await app.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(60, ended.ReadOutputAs<CompareDataResult>()!.Compared);
        Assert.Equal([0, 1, 2, 2, 3, 4, 5], data.Compared.Select(batch => Number(batch.Cursor)));
        Assert.Single(data.Copied);
    }

    [Fact]
    public async Task Differences_that_stand_are_repaired_by_a_full_pass_before_the_next_round()
    {
        var data = new ScriptedData { Compare = (batch, _) => Task.FromResult(ScriptedData.Batch(10, next: null, extra: batch.Round switch { 1 => 5, 2 => 2, _ => 0 })) };
        await using var app = await DataApp.StartAsync(azurite, services: data.AddTo);

        var result = await app.SucceedAsync<CompareDataResult>(nameof(CompareDataOrchestrator), Input);

        Assert.Equal([false, true, true], data.Copied.Select(pass => pass.Full));
        Assert.Equal((true, 5, 3), (result.IsEqual, result.Repaired, result.Data[0].Round));
        Assert.Equal([1, 2], result.Data[0].Parts!.Select(part => Number(part["round-".Length..part.IndexOf('/', StringComparison.Ordinal)])));
    }

    [Fact]
    public async Task A_stored_md5_that_lies_makes_the_round_begin_again_and_read_every_object()
    {
        var data = new ScriptedData
        {
            Compare = (batch, _) => Task.FromResult(batch switch
            {
                { Cursor: null } => ScriptedData.Batch(10, next: "1", extra: 1),
                { AlsoReadOneIn: 1 } => ScriptedData.Batch(10, next: null, extra: 2, belied: 3),
                _ => ScriptedData.Batch(10, next: "2", belied: 1),
            }),
        };
        await using var app = await DataApp.StartAsync(azurite, services: data.AddTo);

        var result = await app.SucceedAsync<CompareDataResult>(nameof(CompareDataOrchestrator), Input with { DeepSample = 6 });

        Assert.Equal([(10, null), (10, "1"), (1, null), (1, "1")], data.Compared.Take(4).Select(batch => (batch.AlsoReadOneIn!.Value, batch.Cursor)));
        Assert.True(result.Data[0].ReadsAll);
        Assert.Equal((20, 3), (result.Compared, result.Mismatches));
        // Of the round that began again nothing is kept: two parts for each of the three rounds.
        Assert.Equal(6, result.Data[0].Parts!.Length);
        Assert.Equal(6, result.Data[0].Parts!.Distinct(StringComparer.Ordinal).Count());
    }

    private static int Number(string? text) => text is null ? 0 : int.Parse(text, CultureInfo.InvariantCulture);
}
