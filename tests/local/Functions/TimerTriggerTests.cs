using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Local.Functions.Hosting;
using Orchestrator.Local.Functions.Tests.App;

namespace Orchestrator.Local.Functions.Tests;

public sealed class TimerTriggerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 1, TimeSpan.Zero);

    private readonly ManualClock clock = new(Noon);
    private readonly TickLog log = new();

    [Fact]
    public async Task A_timer_function_runs_at_each_occurrence_of_the_schedule_in_a_setting()
    {
        await using var app = await StartAsync(typeof(HourlyFunction));

        await MoveToAsync(Noon.AddMinutes(60));
        var first = await log.NextAsync();
        await MoveToAsync(Noon.AddMinutes(120));
        var second = await log.NextAsync();

        Assert.Equal(new DateTime(2026, 11, 21, 13, 0, 0, DateTimeKind.Utc), first.ScheduleStatus!.Last);
        Assert.Equal(new DateTime(2026, 11, 21, 14, 0, 0, DateTimeKind.Utc), first.ScheduleStatus.Next);
        Assert.Equal(new DateTime(2026, 11, 21, 14, 0, 0, DateTimeKind.Utc), second.ScheduleStatus!.Last);
        Assert.False(second.IsPastDue);
    }

    [Fact]
    public async Task A_run_that_comes_when_the_next_one_is_due_too_is_past_due()
    {
        await using var app = await StartAsync(typeof(HourlyFunction));
        await clock.WhenAwaitedAsync(Noon.AddMinutes(60));

        clock.JumpTo(Noon.AddHours(5));

        var timer = await log.NextAsync();
        Assert.True(timer.IsPastDue);
        Assert.Equal(new DateTime(2026, 11, 21, 13, 0, 0, DateTimeKind.Utc), timer.ScheduleStatus!.Last);
    }

    [Fact]
    public async Task A_timer_function_may_run_when_the_host_starts()
    {
        await using var app = await StartAsync(typeof(EagerFunction));

        var timer = await log.NextAsync();

        Assert.Equal(Noon.UtcDateTime, timer.ScheduleStatus!.Last);
        Assert.Equal(new DateTime(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc), timer.ScheduleStatus.Next);
    }

    [Fact]
    public async Task A_schedule_that_is_none_stops_the_start_and_names_the_function()
    {
        using var host = TestApp.Build([typeof(HourlyFunction)], Configure, new Dictionary<string, string?> { ["Sweep__Schedule"] = "every hour" });

        var fault = await Assert.ThrowsAsync<StartException>(() => host.StartAsync());

        Assert.Contains("HourlyFunction.Run", fault.Message, StringComparison.Ordinal);
        Assert.Contains("2 fields", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schedule_in_a_setting_that_is_not_there_stops_the_start_and_names_the_setting()
    {
        using var host = TestApp.Build([typeof(HourlyFunction)], Configure);

        var fault = await Assert.ThrowsAsync<StartException>(() => host.StartAsync());

        Assert.Contains("%Sweep__Schedule%", fault.Message, StringComparison.Ordinal);
    }

    private async Task MoveToAsync(DateTimeOffset time)
    {
        await clock.WhenAwaitedAsync(time);
        clock.MoveTo(time);
    }

    private Task<TestApp> StartAsync(Type function) =>
        TestApp.StartAsync([function], Configure, new Dictionary<string, string?> { ["Sweep__Schedule"] = "0 0 * * * *" });

    private void Configure(Microsoft.Azure.Functions.Worker.Builder.FunctionsApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton(log);
    }
}
