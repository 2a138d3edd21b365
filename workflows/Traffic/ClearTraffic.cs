using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Traffic;

/// <summary>
/// Undo of <see cref="SetTraffic"/>: the slot has no rule, read back, so that nobody is routed to it, whatever cookie he keeps. Rules of other slots are left as
/// they are; nothing happens where there is none of ours.
/// </summary>
public sealed class ClearTraffic(AppService apps, SiteLease lease)
{
    [Function(nameof(ClearTraffic))]
    public async Task RunAsync([ActivityTrigger] RampOrder order, CancellationToken cancellationToken)
    {
        var config = await apps.ReadConfigAsync(order.Hold.Site, cancellationToken);
        if (RampRules.Percent(config, order.Slot) is null) return;

        await lease.DemandAsync(order.Hold, cancellationToken);
        await apps.PatchConfigAsync(order.Hold.Site, RampRules.With(config, order.Slot, rule: null), cancellationToken);
        if (RampRules.Percent(await apps.ReadConfigAsync(order.Hold.Site, cancellationToken), order.Slot) is { } left)
            throw new InvalidOperationException($"The rule for the slot {order.Slot} was removed, and {left} % read back: it is removed again.");
    }
}
