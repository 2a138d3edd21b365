using System.Threading.Channels;
using Microsoft.Azure.Functions.Worker;

namespace Orchestrator.Local.Functions.Tests.App;

public sealed class TickLog
{
    private readonly Channel<TimerInfo> ticks = Channel.CreateUnbounded<TimerInfo>();

    public void Add(TimerInfo timer) => ticks.Writer.TryWrite(timer);

    public async Task<TimerInfo> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await ticks.Reader.ReadAsync(limit.Token);
    }
}

public sealed class HourlyFunction(TickLog log)
{
    [Function("Hourly")]
    public void Run([TimerTrigger("%Sweep__Schedule%")] TimerInfo timer)
    {
        log.Add(timer);
        if (timer.ScheduleStatus!.Last.Hour is 13)
            throw new InvalidOperationException("unlucky hour");
    }
}

public sealed class EagerFunction(TickLog log)
{
    [Function("Eager")]
    public Task RunAsync([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer)
    {
        log.Add(timer);
        return Task.CompletedTask;
    }
}
