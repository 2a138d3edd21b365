using Azure;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Watching;

/// <summary>Looks at production once: the platform's figures since the swap against the gates, and the spec's HTTP checks. Only looks.</summary>
public sealed class ReadGates(Metrics metrics, CheckSlot checks, TimeProvider time)
{
    private static readonly TimeSpan ByMinutes = TimeSpan.FromMinutes(5);

    [Function(nameof(ReadGates))]
    public async Task<WatchReading> RunAsync([ActivityTrigger] GateOrder order, CancellationToken cancellationToken)
    {
        var watch = order.Watch;
        var traffic = await ReadAsync(watch, From(watch), time.GetUtcNow(), cancellationToken);
        var results = await checks.RunAsync(new ProbeOrder(watch.RunId, watch.HostName), cancellationToken);
        var failed = results.FirstOrDefault(c => c.Fault is not null);
        return new WatchReading(Gates.Read(watch.Watch.Gates, traffic, watch.Before), traffic, failed is null ? null : $"the check {failed.Name} ({failed.Path}) {failed.Fault}");
    }

    // The platform counts whole minutes: the one that the swap was in holds the writes that were refused in the pause. A watch of a few minutes goes by
    // seconds, which the emulator has and Azure rounds up.
    private static DateTimeOffset From(WatchInput watch)
    {
        var unit = watch.Watch.Duration >= ByMinutes ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(1);
        var over = watch.Since.UtcTicks % unit.Ticks;
        return over == 0 ? watch.Since : watch.Since.AddTicks(unit.Ticks - over);
    }

    // Figures that cannot be read, or cannot be there yet, are no data; the checks do not need them.
    private async Task<SiteTraffic> ReadAsync(WatchInput watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        try
        {
            if (to > from) return await metrics.ReadAsync(watch.Site, from, to, cancellationToken);
        }
        catch (RequestFailedException)
        {
            // Told as no data.
        }

        return new SiteTraffic(from, to, Requests: null, Http5xx: null, ResponseSeconds: null);
    }
}
