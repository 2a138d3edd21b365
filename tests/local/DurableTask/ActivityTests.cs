using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class ActivityTests(bool replayFromStart) : EngineTests(replayFromStart)
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

        var run = await engine.RunToEndAsync("FanOut", 2000);

        Assert.Equal(2000 * 1999, run.ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_payload_of_ten_megabytes_passes_durable_extension_2831()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc<string, string>("Echo", (_, text) => text)
            .AddOrchestratorFunc<string, string>("Carry", (context, text) => context.CallActivityAsync<string>("Echo", text)));

        var text = new string('x', 10_000_000);
        var run = await engine.RunToEndAsync("Carry", text);

        Assert.Equal(text.Length, run.ReadOutputAs<string>()!.Length);
    }

    [Fact]
    public async Task Options_in_the_place_of_the_input_are_refused()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc<int, int>("Double", (_, n) => n * 2)
            .AddOrchestratorFunc("Slip", context => context.CallActivityAsync<int>("Double", (object)new TaskOptions(retry: null))));

        var run = await engine.RunToEndAsync("Slip");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, run.RuntimeStatus);
        Assert.Equal("System.ArgumentException", run.FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task An_orchestration_ends_only_when_every_call_that_it_made_has()
    {
        var release = new TaskCompletionSource<int>();
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc<int>("Slow", _ => release.Task)
            .AddOrchestratorFunc<string>("Forget", context =>
            {
                _ = context.CallActivityAsync<int>("Slow");
                return "done";
            }));

        var id = await engine.RunAsync("Forget");
        await engine.Client.WaitForInstanceStartAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await engine.GetAsync(id)).RuntimeStatus);
        release.SetResult(1);

        Assert.Equal("done", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    public sealed class Warm() : ActivityTests(false);

    public sealed class Replayed() : ActivityTests(true);
}
