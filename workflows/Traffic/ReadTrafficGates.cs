using Azure;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;

namespace Orchestrator.Workflows.Traffic;

/// <summary>The platform's figures of the slot and of production over the same time, and what the gates say of them. Only looks; asks neither version anything.</summary>
public sealed class ReadTrafficGates(Metrics metrics)
{
    [Function(nameof(ReadTrafficGates))]
    public async Task<TrafficFigures> RunAsync([ActivityTrigger] TrafficGateOrder order, CancellationToken cancellationToken)
    {
        var (slot, production) = await metrics.ReadBothAsync(order.Site, order.Slot, order.From, order.To, cancellationToken);
        var gates = TrafficGates.Read(order.Gates, slot, production);
        return new TrafficFigures(TrafficGates.Worst(gates), gates, slot, production);
    }
}

internal static class BothSides
{
    /// <summary>Figures that cannot be read are no data.</summary>
    public static async Task<(SiteTraffic Slot, SiteTraffic Production)> ReadBothAsync(
        this Metrics metrics, string site, string slot, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var both = await Task.WhenAll(ReadAsync(new SiteId(site).SlotId(slot)), ReadAsync(site));
        return (both[0], both[1]);

        async Task<SiteTraffic> ReadAsync(string id)
        {
            try
            {
                return await metrics.ReadAsync(id, from, to, cancellationToken);
            }
            catch (RequestFailedException)
            {
                return new SiteTraffic(from, to, Requests: null, Http5xx: null, ResponseSeconds: null);
            }
        }
    }
}
