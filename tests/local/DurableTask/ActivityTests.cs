using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class ActivityTests(bool replayFromStart)
{
    [Fact]
    public async Task Results_come_back_in_the_order_of_the_calls()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc<int, int>("Double", (_, n) => n * 2)
            .AddOrchestratorFunc<int, List<int>>("Chain", async (context, first) =>
            {
                var results = new List<int>();
                for (var n = first; results.Count < 5; n++)
                    results.Add(await context.CallActivityAsync<int>("Double", n));
                return results;
            }));

        var run = await engine.RunToEndAsync("Chain", 3);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, run.RuntimeStatus);
        Assert.Equal([6, 8, 10, 12, 14], run.ReadOutputAs<List<int>>());
    }

    [Fact]
    public async Task Many_run_side_by_side()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc<int, int>("Double", (_, n) => n * 2)
            .AddOrchestratorFunc<int, int>("FanOut", async (context, count) =>
                (await Task.WhenAll(Enumerable.Range(0, count).Select(n => context.CallActivityAsync<int>("Double", n)))).Sum()));

        var run = await engine.RunToEndAsync("FanOut", 200);

        Assert.Equal(200 * 199, run.ReadOutputAs<int>());
    }

    private Task<TestEngine> StartAsync(Action<DurableTaskRegistry> tasks) =>
        TestEngine.StartAsync(tasks, options => options.ReplayFromStart = replayFromStart);

    public sealed class Warm() : ActivityTests(false);

    public sealed class Replayed() : ActivityTests(true);
}
