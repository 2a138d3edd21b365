using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;

namespace Orchestrator.Workflows.Traffic;

/// <summary>
/// Whether the slot still got requests in a time span. The figures come late: that there is none of the slot says something only where there is one of production
/// for the same time. Only looks, and nothing of ours may call the slot meanwhile.
/// </summary>
public sealed class ReadDrain(Metrics metrics)
{
    [Function(nameof(ReadDrain))]
    public async Task<DrainReading> RunAsync([ActivityTrigger] DrainOrder order, CancellationToken cancellationToken)
    {
        var (slot, production) = await metrics.ReadBothAsync(order.Site, order.Slot, order.From, order.To, cancellationToken);
        bool? drained = slot.Requests > 0 ? false : production.Requests > 0 ? true : null;
        return new DrainReading(drained, slot.Requests);
    }
}
