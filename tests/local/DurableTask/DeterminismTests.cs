using Microsoft.Extensions.Logging;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class DeterminismTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    [Fact]
    public async Task Continuations_stay_on_the_orchestrator_s_thread()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc<int, int>("Double", (_, n) => n * 2)
            .AddOrchestratorFunc("Chain", async context =>
            {
                var chained = context.CallActivityAsync<int>("Double", 1).ContinueWith(
                    first => context.CallActivityAsync<int>("Double", first.Result), TaskScheduler.Current).Unwrap();
                await Task.Yield();
                return await await Task.WhenAny(chained);
            }));

        Assert.Equal(4, (await engine.RunToEndAsync("Chain")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Time_ids_and_the_replay_flag_are_the_same_each_time()
    {
        var seen = new List<string>();
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Look", async context =>
        {
            Note();
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            Note();
            await context.WaitForExternalEvent<string>("go");

            void Note() => seen.Add($"{context.CurrentUtcDateTime:O} {context.NewGuid()} {context.NewGuid()}");
        }));

        var id = await engine.RunAsync("Look");
        await engine.FireNextTimerAsync();
        await engine.CrashAndRestartAsync();
        await engine.Client.RaiseEventAsync(id, "go", "now");
        await engine.EndAsync(id);

        Assert.Equal(2, seen.Distinct().Count());
        Assert.True(seen.Count >= 4);
    }

    [Fact]
    public async Task A_replay_safe_logger_writes_each_line_once()
    {
        using var log = new LogLines();
        await using var engine = await StartAsync(
            tasks => tasks
                .AddActivityFunc("Nothing", _ => { })
                .AddOrchestratorFunc("Log", async context =>
                {
                    var logger = context.CreateReplaySafeLogger("test");
                    logger.LogInformation("before");
                    await context.CallActivityAsync("Nothing");
                    logger.LogInformation("between");
                    await context.CallActivityAsync("Nothing");
                    logger.LogInformation("after");
                }));
        engine.Loggers.AddProvider(log);

        await engine.RunToEndAsync("Log");

        Assert.Equal(["before", "between", "after"], log.Lines);
    }

    public sealed class Warm() : DeterminismTests(false);

    public sealed class Replayed() : DeterminismTests(true);
}
