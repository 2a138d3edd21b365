using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Traffic;

/// <summary>The slot gets this percentage of production's new clients, read back. Rules of other slots are left as they are. Twice is harmless.</summary>
/// <exception cref="PermanentFailureException">MIG0340: rules of other slots leave no room for it; MIG0305: the lease is lost.</exception>
public sealed class SetTraffic(AppService apps, SiteLease lease)
{
    [Function(nameof(SetTraffic))]
    public async Task RunAsync([ActivityTrigger] RampOrder order, CancellationToken cancellationToken)
    {
        var site = order.Hold.Site;
        var config = await apps.ReadConfigAsync(site, cancellationToken);
        var others = RampRules.Others(config, order.Slot);
        if (others.Sum(RampRules.Percent) + order.Percent > 100)
            throw new PermanentFailureException(
                TrafficCodes.RulesOfOthers, $"{order.Percent} % for the slot {order.Slot} would be more than all: there are rules for {string.Join(", ", others.Select(rule => $"{RampRules.Name(rule)} ({RampRules.Percent(rule):0.#} %)"))}.");

        await lease.DemandAsync(order.Hold, cancellationToken);
        if (RampRules.Percent(config, order.Slot) == order.Percent) return;
        var rule = new JsonObject { ["name"] = order.Slot, ["actionHostName"] = order.SlotHostName, ["reroutePercentage"] = (double)order.Percent };
        await apps.PatchConfigAsync(site, RampRules.With(config, order.Slot, rule), cancellationToken);
        var seen = RampRules.Percent(await apps.ReadConfigAsync(site, cancellationToken), order.Slot);
        if (seen != order.Percent) throw new InvalidOperationException($"{order.Percent} % for the slot {order.Slot} were set, and {seen?.ToString() ?? "none"} read back: it is set again.");
    }
}
