using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Azure;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Provisioning;

/// <summary>The run's slot exists, tagged as this run's. Another's slot of that name is left alone.</summary>
/// <exception cref="PermanentFailureException">MIG0220: the slot is not this run's.</exception>
public sealed class EnsureSlot(AppService apps, SiteLease lease, IOptions<AzureOptions> azure)
{
    [Function(nameof(EnsureSlot))]
    public async Task<Convergence> RunAsync([ActivityTrigger] SlotOrder order, CancellationToken cancellationToken)
    {
        var site = new SiteId(order.Hold.Site);
        var slotId = site.SlotId(order.Slot);
        if (await apps.FindAsync(slotId, cancellationToken) is { } slot)
        {
            if (slot.Tags.GetValueOrDefault(RunTag.Name) != order.Hold.RunId)
                throw new PermanentFailureException(ProvisionCodes.SlotOfAnother, $"The slot {slotId} exists and is not of the run {order.Hold.RunId}: it was left alone.");
            return slot.State == "Running" ? Convergence.Reached : new Convergence(Done: false, azure.Value.PollInterval, Seen: $"state {slot.State}");
        }

        await lease.DemandAsync(order.Hold, cancellationToken);
        var production = await apps.FindAsync(site.Id, cancellationToken)
            ?? throw new PermanentFailureException(ProvisionCodes.SlotNotReady, $"The site {site.Id} is gone.");
        var tags = new Dictionary<string, string>(StringComparer.Ordinal) { [RunTag.Name] = order.Hold.RunId };
        await apps.PutSlotAsync(slotId, production.Location, production.ServerFarmId, tags, cancellationToken);
        return new Convergence(Done: false, TimeSpan.FromMilliseconds(100), Seen: "created, not yet seen running");
    }
}
