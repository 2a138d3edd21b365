using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Local.Functions.Discovery;
using Orchestrator.Local.Functions.Hosting;
using Orchestrator.Local.Functions.Invocation;

namespace Orchestrator.Local.Functions.Timers;

/// <summary>Runs the timer functions. One function never runs twice at a time; an occurrence that comes while it runs is left out.</summary>
internal sealed class TimerService(
    IReadOnlyList<FoundFunction> functions, IConfiguration settings, FunctionPipeline pipeline, TimeProvider clock, ILogger<TimerService> logger)
    : BackgroundService
{
    // The longest that a .NET timer can wait is somewhat longer than this.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    private List<(FoundFunction Function, CronSchedule Schedule)> timers = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        timers = [.. functions.Where(function => function.Kind is TriggerKind.Timer).Select(function => (function, Schedule(function)))];
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(timers.Select(timer => RunAsync(timer.Function, timer.Schedule, stoppingToken)));

    private CronSchedule Schedule(FoundFunction function)
    {
        var text = ((TimerTriggerAttribute)function.Trigger).Schedule;
        try
        {
            return CronSchedule.Parse(SettingExpression.Resolve(text, settings, $"schedule of the function {function.Place}"));
        }
        catch (FormatException fault)
        {
            throw new StartException($"The function {function.Place} has the schedule \"{text}\": {fault.Message}.", fault);
        }
    }

    private async Task RunAsync(FoundFunction function, CronSchedule schedule, CancellationToken stopping)
    {
        var last = default(DateTimeOffset);
        if (((TimerTriggerAttribute)function.Trigger).RunOnStartup)
        {
            last = clock.GetUtcNow();
            await InvokeAsync(function, Info(last, schedule.After(last), isPastDue: false), stopping);
        }

        while (!stopping.IsCancellationRequested && schedule.After(clock.GetUtcNow()) is { } next)
        {
            logger.TimerScheduled(function.Name, next);
            if (!await WaitUntilAsync(next, stopping))
                return;
            last = next;
            var following = schedule.After(last);
            await InvokeAsync(function, Info(last, following, isPastDue: following <= clock.GetUtcNow()), stopping);
        }
    }

    private async Task<bool> WaitUntilAsync(DateTimeOffset time, CancellationToken stopping)
    {
        try
        {
            while (time - clock.GetUtcNow() is var left && left > TimeSpan.Zero)
                await Task.Delay(left < LongestWait ? left : LongestWait, clock, stopping);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task InvokeAsync(FoundFunction function, TimerInfo timer, CancellationToken stopping)
    {
        try
        {
            await pipeline.RunAsync(function, new InvocationRequest { TriggerValue = _ => timer }, _ => Task.FromResult(true), stopping);
        }
        catch (Exception fault)
        {
            // The next occurrence runs all the same.
            logger.FunctionFailed(function.Name, fault);
        }
    }

    private static TimerInfo Info(DateTimeOffset last, DateTimeOffset? next, bool isPastDue) => new()
    {
        IsPastDue = isPastDue,
        ScheduleStatus = new ScheduleStatus { Last = last.UtcDateTime, Next = next?.UtcDateTime ?? default, LastUpdated = last.UtcDateTime },
    };
}
