using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;

namespace Orchestrator.Workflows.Watching;

/// <summary>The platform's figures of a site over a time span. Only looks.</summary>
public sealed class ReadTraffic(Metrics metrics)
{
    [Function(nameof(ReadTraffic))]
    public Task<SiteTraffic> RunAsync([ActivityTrigger] TrafficOrder order, CancellationToken cancellationToken) =>
        metrics.ReadAsync(order.Site, order.From, order.To, cancellationToken);
}
