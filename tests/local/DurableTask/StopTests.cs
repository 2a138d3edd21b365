using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orchestrator.Local.DurableTask.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task A_stop_lets_running_activities_end_and_begins_no_others()
    {
        var runs = 0;
        var begun = new SemaphoreSlim(0);
        var release = new TaskCompletionSource();
        await using var engine = await TestEngine.StartAsync(
            tasks => tasks
                .AddActivityFunc<int, int>("Work", async (_, n) =>
                {
                    Interlocked.Increment(ref runs);
                    begun.Release();
                    await release.Task;
                    return n;
                })
                .AddOrchestratorFunc("Two", async context => await context.CallActivityAsync<int>("Work", 1) + await context.CallActivityAsync<int>("Work", 2)),
            options => options.MaxConcurrentActivities = 1);
        var id = await engine.RunAsync("Two");
        await begun.WaitAsync();

        var stopping = engine.StopAsync();
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping;
        Assert.Equal(1, runs);
        await engine.StartAsync();

        Assert.Equal(3, (await engine.EndAsync(id)).ReadOutputAs<int>());
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task A_stop_that_no_longer_waits_cancels_what_runs_and_leaves_it_to_the_next_start()
    {
        var runs = 0;
        var begun = new SemaphoreSlim(0);
        await using var engine = await TestEngine.StartAsync(
            tasks => tasks
                .AddActivityFunc<string?, string>("Work", async (_, _, cancellation) =>
                {
                    begun.Release();
                    if (++runs == 1)
                        await Task.Delay(Timeout.Infinite, cancellation);
                    return "done";
                })
                .AddOrchestratorFunc("Call", context => context.CallActivityAsync<string>("Work")),
            options => options.DrainTimeout = TimeSpan.Zero);
        var id = await engine.RunAsync("Call");
        await begun.WaitAsync();

        await engine.StopAsync();
        await engine.StartAsync();

        Assert.Equal("done", (await engine.EndAsync(id)).ReadOutputAs<string>());
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task An_activity_that_a_stop_gave_up_is_not_told_again_that_it_runs_for_the_first_time()
    {
        var deliveries = new List<(string, int)>();
        var begun = new SemaphoreSlim(0);
        await using var engine = await TestEngine.StartAsync(
            tasks => tasks
                .AddActivityFunc<string, string>("Work", async (context, name, cancellation) =>
                {
                    deliveries.Add((name, ((LocalActivityContext)context).Delivery));
                    begun.Release();
                    if (deliveries.Count < 4)
                        await Task.Delay(Timeout.Infinite, cancellation);
                    return name;
                })
                .AddOrchestratorFunc("Two", context => Task.WhenAll(context.CallActivityAsync<string>("Work", "a"), context.CallActivityAsync<string>("Work", "b"))),
            options =>
            {
                options.MaxConcurrentActivities = 1;
                options.MaxDeliveries = 2;
                options.DrainTimeout = TimeSpan.Zero;
            });
        var id = await engine.RunAsync("Two");
        for (var stop = 0; stop < 2; stop++)
        {
            await begun.WaitAsync();
            await engine.StopAsync();
            await engine.StartAsync();
        }
        await begun.WaitAsync();
        await engine.CrashAndRestartAsync();

        // What stops gave up counts toward no limit. Of the second one only the crash may have been a delivery.
        Assert.Equal(["a", "b"], (await engine.EndAsync(id)).ReadOutputAs<string[]>()!);
        Assert.Equal([("a", 1), ("a", 2), ("a", 3), ("a", 4), ("b", 2)], deliveries);
    }

    [Fact]
    public async Task A_client_of_a_stopped_engine_says_so()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks.AddOrchestratorFunc("End", _ => "ended"));
        var client = engine.Client;
        await engine.StopAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => client.ScheduleNewOrchestrationInstanceAsync("End"));

        Assert.Contains("not running", refused.Message, StringComparison.Ordinal);
        await engine.StartAsync();
    }

    [Fact]
    public async Task A_client_that_waits_for_an_instance_does_not_outwait_the_engine()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("never")));
        var waiting = engine.EndAsync(await engine.RunAsync("Wait"));
        await engine.IdleAsync();

        await engine.StopAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    [Fact]
    public async Task A_time_for_a_stop_to_wait_that_is_none_is_refused()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            TestEngine.StartAsync(_ => { }, options => options.DrainTimeout = TimeSpan.FromSeconds(-5)));

        Assert.Contains("DrainTimeout", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_orchestrations_that_never_rest()
    {
        var turns = new SemaphoreSlim(0);
        await using var engine = await TestEngine.StartAsync(tasks => tasks.AddOrchestratorFunc<int>("Forever", (context, n) =>
        {
            turns.Release();
            context.ContinueAsNew(n + 1);
            return Task.CompletedTask;
        }));
        var id = await engine.RunAsync("Forever", 1);
        await turns.WaitAsync();

        await engine.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
        var stoppedAfter = turns.CurrentCount;
        await engine.StartAsync();
        for (var more = 0; more <= stoppedAfter; more++)
            await turns.WaitAsync();
        await engine.Client.TerminateInstanceAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engine.EndAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_turn_that_fails_each_time_it_is_tried()
    {
        var asked = new SemaphoreSlim(0);
        await using var engine = await TestEngine.StartAsync(
            tasks => tasks.AddOrchestratorFunc("End", _ => "ended"),
            options => options.AcceptsAsync = (_, _) =>
            {
                asked.Release();
                throw new InvalidOperationException("the filter is broken");
            });
        await engine.RunAsync("End");
        await asked.WaitAsync();

        await engine.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_stop_that_is_not_waited_for_leaves_an_orchestrator_that_blocks_its_thread()
    {
        using var begun = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        await using var engine = await TestEngine.StartAsync(tasks => tasks.AddOrchestratorFunc("Block", _ =>
        {
            begun.Release();
            release.Wait();
            return "done";
        }));
        var id = await engine.RunAsync("Block");
        await begun.WaitAsync();

        await engine.Engine.StopAsync(new CancellationToken(canceled: true));
        release.Set();
        await engine.Engine.StartAsync(CancellationToken.None);

        Assert.Equal("done", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_logger_that_throws_ends_no_commit()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks.AddOrchestratorFunc("End", _ => "ended"));
        using var broken = new BrokenLoggers();
        engine.Loggers.AddProvider(broken);

        Assert.Equal("ended", (await engine.RunToEndAsync("End")).ReadOutputAs<string>());
        Assert.Equal("ended", (await engine.RunToEndAsync("End")).ReadOutputAs<string>());
    }

    private sealed class BrokenLoggers : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 905)
                throw new InvalidOperationException("The disk of the log is full.");
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
