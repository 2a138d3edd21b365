using Azure;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Traffic;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Watching;

/// <summary>Looks at production once: the platform's figures since the swap against the gates, and the spec's HTTP checks. Only looks.</summary>
public sealed class ReadGates(Metrics metrics, CheckSlot checks, TimeProvider time)
{
    [Function(nameof(ReadGates))]
    public async Task<WatchReading> RunAsync([ActivityTrigger] GateOrder order, CancellationToken cancellationToken)
    {
        var watch = order.Watch;
        var (from, to) = TrafficMinutes.Between(watch.Since, time.GetUtcNow());
        var traffic = await ReadAsync(watch, from, to, cancellationToken);
        var results = await checks.RunAsync(new ProbeOrder(watch.RunId, watch.HostName), cancellationToken);
        var failed = results.FirstOrDefault(c => c.Fault is not null);
        return new WatchReading(Gates.Read(watch.Watch.Gates, traffic, watch.Before), traffic, failed is null ? null : $"the check {failed.Name} ({failed.Path}) {failed.Fault}");
    }

    // Figures that cannot be read are no data; the checks do not need them.
    private async Task<SiteTraffic> ReadAsync(WatchInput watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        try
        {
            return await metrics.ReadAsync(watch.Site, from, to, cancellationToken);
        }
        catch (RequestFailedException)
        {
            return new SiteTraffic(from, to, Requests: null, Http5xx: null, ResponseSeconds: null);
        }
    }
}
