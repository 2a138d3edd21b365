namespace Orchestrator.Local.DurableTask.Tests;

public abstract class CrashTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    [Fact]
    public async Task An_activity_that_a_kill_cut_off_runs_again_and_the_orchestration_goes_on()
    {
        var deliveries = new List<int>();
        var begun = new SemaphoreSlim(0);
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc<string?, string>("Work", async (context, _, cancellation) =>
            {
                deliveries.Add(((LocalActivityContext)context).Delivery);
                begun.Release();
                if (deliveries.Count < 3)
                    await Task.Delay(Timeout.Infinite, cancellation);
                return "done";
            })
            .AddOrchestratorFunc("Call", context => context.CallActivityAsync<string>("Work")));

        var id = await engine.RunAsync("Call");
        await begun.WaitAsync();
        await engine.CrashAndRestartAsync();
        await begun.WaitAsync();
        await engine.CrashAndRestartAsync();

        Assert.Equal("done", (await engine.EndAsync(id)).ReadOutputAs<string>());
        Assert.Equal([1, 2, 3], deliveries);
    }

    [Fact]
    public async Task An_activity_that_ends_the_process_each_time_is_stopped_with_the_reason_durabletask_1040()
    {
        var runs = 0;
        var begun = new SemaphoreSlim(0);
        await using var engine = await StartAsync(
            tasks => tasks
                .AddActivityFunc<string?, string>("Kill", async (_, _, cancellation) =>
                {
                    runs++;
                    begun.Release();
                    await Task.Delay(Timeout.Infinite, cancellation);
                    return "never";
                })
                .AddActivityFunc("Work", _ => "fine")
                .AddOrchestratorFunc("Doomed", context => context.CallActivityAsync<string>("Kill"))
                .AddOrchestratorFunc("Fine", async context =>
                {
                    await context.WaitForExternalEvent<string>("go");
                    return await context.CallActivityAsync<string>("Work");
                }),
            options => options.MaxDeliveries = 4);

        var doomed = await engine.RunAsync("Doomed");
        var fine = await engine.RunAsync("Fine");
        for (var kill = 0; kill < 4; kill++)
        {
            await begun.WaitAsync();
            await engine.CrashAndRestartAsync();
        }
        await engine.Client.RaiseEventAsync(fine, "go", "now");

        var failure = (await engine.EndAsync(doomed)).FailureDetails!.InnerFailure!;
        Assert.Equal("DeliveryLimitExceeded", failure.ErrorType);
        Assert.Contains("Activity 'Kill' was begun 4 times", failure.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(4, runs);
        Assert.Equal("fine", (await engine.EndAsync(fine)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_orchestrator_that_ends_the_process_each_time_is_stopped_with_the_reason()
    {
        TestEngine? engine = null;
        var dies = true;
        var died = new SemaphoreSlim(0);
        engine = await StartAsync(
            tasks => tasks.AddOrchestratorFunc("Doomed", _ =>
            {
                if (dies)
                {
                    engine!.Engine.Parts.Commits.Abandon();
                    died.Release();
                }
                return "survived";
            }),
            options => options.MaxDeliveries = 3);
        await using var disposed = engine;

        var id = await engine.RunAsync("Doomed");
        for (var kill = 0; kill < 3; kill++)
        {
            await died.WaitAsync();
            await engine.CrashAndRestartAsync();
        }

        var run = await engine.EndAsync(id);
        Assert.Equal("DeliveryLimitExceeded", run.FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task Stopping_in_order_counts_as_no_delivery()
    {
        var deliveries = new List<int>();
        var begun = new SemaphoreSlim(0);
        await using var engine = await StartAsync(
            tasks => tasks
                .AddActivityFunc<string?, string>("Work", async (context, _, cancellation) =>
                {
                    deliveries.Add(((LocalActivityContext)context).Delivery);
                    begun.Release();
                    if (deliveries.Count < 5)
                        await Task.Delay(Timeout.Infinite, cancellation);
                    return "done";
                })
                .AddOrchestratorFunc("Call", context => context.CallActivityAsync<string>("Work")),
            options =>
            {
                options.MaxDeliveries = 2;
                options.DrainTimeout = TimeSpan.Zero;
            });

        var id = await engine.RunAsync("Call");
        for (var stop = 0; stop < 4; stop++)
        {
            await begun.WaitAsync();
            await engine.StopAsync();
            await engine.StartAsync();
        }

        Assert.Equal("done", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_kill()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<int, int>("Sum", async (context, count) =>
        {
            var sum = 0;
            for (var n = 0; n < count; n++)
                sum += await context.WaitForExternalEvent<int>("number");
            return sum;
        }));

        var id = await engine.RunAsync("Sum", 100);
        for (var n = 1; n <= 100; n++)
        {
            await engine.Client.RaiseEventAsync(id, "number", n);
            if (n % 10 == 0)
                await engine.CrashAndRestartAsync();
        }

        Assert.Equal(5050, (await engine.EndAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Timers_fire_after_a_kill_also_those_that_became_due_in_between()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Sleep", async context =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return "awake";
        }));
        var id = await engine.RunAsync("Sleep");
        await engine.IdleAsync();

        await engine.Engine.CrashAsync();
        engine.Clock.Advance(TimeSpan.FromHours(5));
        await engine.StartAsync();
        engine.Clock.Advance(TimeSpan.Zero);
        await engine.FireNextTimerAsync();

        Assert.Equal("awake", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_instance_is_never_ended_and_running_at_once_durabletask_561()
    {
        await using var engine = await StartAsync(
            tasks => tasks
                .AddActivityFunc<int, int>("Next", (_, n) => n + 1)
                .AddOrchestratorFunc("Child", context => context.CallActivityAsync<int>("Next", 1))
                .AddOrchestratorFunc("Parent", async context =>
                    (await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => context.CallSubOrchestratorAsync<int>("Child")))).Sum()),
            options => options.MaxDeliveries = 1000);

        var ids = new List<string>();
        for (var round = 0; round < 15; round++)
        {
            ids.Add(await engine.RunAsync("Parent"));
            await engine.CrashAndRestartAsync();
        }

        foreach (var id in ids)
            Assert.Equal(10, (await engine.EndAsync(id)).ReadOutputAs<int>());
        await engine.IdleAsync();
        engine.AssertNothingIsLeftOrDoubled();
    }

    public sealed class Warm() : CrashTests(false);

    public sealed class Replayed() : CrashTests(true);
}
