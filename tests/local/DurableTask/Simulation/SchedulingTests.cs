namespace Orchestrator.Local.DurableTask.Tests.Simulation;

public sealed class SchedulingTests
{
    [Fact]
    public async Task The_whole_engine_runs_on_the_scheduler_that_it_is_given() => await Task.Run(() =>
    {
        var threads = new HashSet<int>();

        SeededScheduler.Run(1, async scheduler =>
        {
            await using var engine = await TestEngine.StartAsync(
                tasks => tasks
                    .AddActivityFunc<int, int>("Next", async (_, n) =>
                    {
                        await Task.Yield();
                        threads.Add(Environment.CurrentManagedThreadId);
                        return n + 1;
                    })
                    .AddOrchestratorFunc<int, int>("Child", (context, n) => context.CallActivityAsync<int>("Next", n))
                    .AddOrchestratorFunc("Parent", async context =>
                    {
                        threads.Add(Environment.CurrentManagedThreadId);
                        var sums = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => context.CallSubOrchestratorAsync<int>("Child", n)));
                        return sums.Sum() + await context.WaitForExternalEvent<int>("number");
                    }),
                options => options.Scheduling = scheduler.Engine);

            var id = await engine.RunAsync("Parent");
            await engine.Client.RaiseEventAsync(id, "number", 1000);
            var ended = await engine.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
            await engine.CrashAndRestartAsync();

            Assert.Equal(1210, ended.ReadOutputAs<int>());
        });

        Assert.Equal([Environment.CurrentManagedThreadId], threads);
    });
}
