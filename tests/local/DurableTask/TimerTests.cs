using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class TimerTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(6.5)]
    [InlineData(400)]
    public async Task A_timer_of_any_length_fires_at_its_time_durable_extension_14(double days)
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<double, TimeSpan>("Sleep", async (context, length) =>
        {
            var begun = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromDays(length), CancellationToken.None);
            return context.CurrentUtcDateTime - begun;
        }));

        var id = await engine.RunAsync("Sleep", days);
        await engine.IdleAsync();
        engine.Clock.Advance(TimeSpan.FromDays(days) - TimeSpan.FromSeconds(1));
        await engine.IdleAsync();
        Assert.False((await engine.GetAsync(id)).IsCompleted);
        engine.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromDays(days), (await engine.EndAsync(id)).ReadOutputAs<TimeSpan>());
    }

    [Fact]
    public async Task A_cancelled_timer_does_not_hold_back_the_end()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Cancel", async context =>
        {
            using var cancellation = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(1), cancellation.Token);
            await context.WaitForExternalEvent<string>("go");
            cancellation.Cancel();
            return timer.Status.ToString();
        }));

        var id = await engine.RunAsync("Cancel");
        await engine.Client.RaiseEventAsync(id, "go", "now");

        Assert.Equal("Canceled", (await engine.EndAsync(id)).ReadOutputAs<string>());
        Assert.Null(engine.Monitor.NextTimer);
    }

    [Fact]
    public async Task A_pending_timer_holds_back_the_end_as_in_the_real_engine()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Leave", context =>
        {
            _ = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return "left";
        }));

        var id = await engine.RunAsync("Leave");
        await engine.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await engine.GetAsync(id)).RuntimeStatus);
        await engine.FireNextTimerAsync();

        Assert.Equal("left", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Timers_that_are_due_together_fire_in_order_of_their_times()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Race", async context =>
        {
            var order = new List<int>();
            async Task SleepAsync(int minutes)
            {
                await context.CreateTimer(TimeSpan.FromMinutes(minutes), CancellationToken.None);
                order.Add(minutes);
            }
            await Task.WhenAll(SleepAsync(3), SleepAsync(1), SleepAsync(2));
            return order;
        }));

        var id = await engine.RunAsync("Race");
        await engine.IdleAsync();
        engine.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal([1, 2, 3], (await engine.EndAsync(id)).ReadOutputAs<List<int>>());
    }

    [Fact]
    public async Task A_timer_in_the_past_fires_at_once()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Past", async context =>
        {
            await context.CreateTimer(context.CurrentUtcDateTime.AddHours(-1), CancellationToken.None);
            return "over";
        }));

        var id = await engine.RunAsync("Past");
        await engine.IdleAsync();
        engine.Clock.Advance(TimeSpan.Zero);

        Assert.Equal("over", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    public sealed class Warm() : TimerTests(false)
    {
        [Fact]
        public async Task A_token_that_another_thread_cancels_does_not_touch_a_timer_that_has_fired()
        {
            var runs = 0;
            using var cancellation = new CancellationTokenSource();
            await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Sleep", async context =>
            {
                // Only in the first run of the code: a replay does not begin with a token that is cancelled.
                await context.CreateTimer(TimeSpan.FromHours(1), runs++ > 0 ? CancellationToken.None : cancellation.Token);
                return await context.WaitForExternalEvent<string>("go");
            }));
            var id = await engine.RunAsync("Sleep");
            await engine.FireNextTimerAsync();

            await cancellation.CancelAsync();
            await engine.Client.RaiseEventAsync(id, "go", "on");

            Assert.Equal("on", (await engine.EndAsync(id)).ReadOutputAs<string>());
        }
    }

    public sealed class Replayed() : TimerTests(true);
}
