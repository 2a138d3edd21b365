using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class DeterminismTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    public static TheoryData<string, Func<TaskOrchestrationContext, Task>> Trespasses => new()
    {
        { "a delay", _ => Task.Delay(TimeSpan.FromMilliseconds(20)) },
        { "a task of the pool", _ => Task.Run(() => 1) },
        { "a delay that wins against a durable task", context => Task.WhenAny(Task.Delay(20), context.WaitForExternalEvent<string>("never")) },
        { "a delay inside another branch", context => Task.WhenAll(DelayAsync(), context.WaitForExternalEvent<string>("never")) },
        { "a call after ConfigureAwait(false)", LeaveThreadAsync },
    };

    [Theory]
    [MemberData(nameof(Trespasses))]
    public async Task Awaiting_what_is_no_durable_task_fails_the_instance_and_is_said(string what, Func<TaskOrchestrationContext, Task> trespass)
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Nothing", _ => { })
            .AddOrchestratorFunc("Trespass", trespass));

        var id = await engine.RunAsync("Trespass");
        var run = await engine.EndAsync(id);

        Assert.True(run.RuntimeStatus == OrchestrationRuntimeStatus.Failed, what);
        Assert.Contains("not a durable task", run.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

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

    [Fact]
    public async Task Code_that_calls_something_else_than_its_history_says_fails_with_both_named()
    {
        await using var engine = await StartAsync(Tasks("Before"));
        var id = await engine.RunAsync("Changed");
        await engine.IdleAsync();

        await engine.CrashAndRestartAsync(Tasks("After"));
        await engine.Client.RaiseEventAsync(id, "go", "now");
        var run = await engine.EndAsync(id);

        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", run.FailureDetails!.ErrorType);
        Assert.Contains("activity 'Before', #0", run.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("activity 'After', #0", run.FailureDetails.ErrorMessage, StringComparison.Ordinal);

        static Action<DurableTaskRegistry> Tasks(string activity) => tasks => tasks
            .AddActivityFunc("Before", _ => { })
            .AddActivityFunc("After", _ => { })
            .AddOrchestratorFunc("Changed", async context =>
            {
                await context.CallActivityAsync(activity);
                await context.WaitForExternalEvent<string>("go");
            });
    }

    [Theory]
    [InlineData(1, 0, "made no such call")]
    [InlineData(0, 1, "does not have in turn 1")]
    [InlineData(2, 1, "made no such call")]
    public async Task Code_that_calls_less_or_more_than_its_history_says_fails(int before, int after, string expected)
    {
        await using var engine = await StartAsync(Tasks(before));
        var id = await engine.RunAsync("Changed");
        await engine.IdleAsync();

        await engine.CrashAndRestartAsync(Tasks(after));
        await engine.Client.RaiseEventAsync(id, "go", "now");

        Assert.Contains(expected, (await engine.EndAsync(id)).FailureDetails!.ErrorMessage, StringComparison.Ordinal);

        static Action<DurableTaskRegistry> Tasks(int timers) => tasks => tasks.AddOrchestratorFunc("Changed", async context =>
        {
            for (var n = 0; n < timers; n++)
                _ = context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
            await context.WaitForExternalEvent<string>("go");
        });
    }

    private static async Task DelayAsync() => await Task.Delay(20);

    private static async Task LeaveThreadAsync(TaskOrchestrationContext context)
    {
        await context.CallActivityAsync("Nothing").ConfigureAwait(false);
        await context.CallActivityAsync("Nothing");
    }

    public sealed class Warm() : DeterminismTests(false);

    public sealed class Replayed() : DeterminismTests(true);
}
