using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Provisioning;

/// <summary>Undo of <see cref="EnsureSlot"/>: the run's slot is gone. Nothing happens where it never was, or is another's.</summary>
public sealed class RemoveSlot(AppService apps, SiteLease lease)
{
    [Function(nameof(RemoveSlot))]
    public async Task RunAsync([ActivityTrigger] SlotOrder order, CancellationToken cancellationToken)
    {
        var site = new SiteId(order.Hold.Site);
        var slotId = site.SlotId(order.Slot);
        if (await apps.FindAsync(slotId, cancellationToken) is not { } slot || slot.Tags.GetValueOrDefault(RunTag.Name) != order.Hold.RunId) return;

        await lease.DemandAsync(order.Hold, cancellationToken);
        await apps.DeleteSlotAsync(slotId, cancellationToken);
        if (await apps.FindAsync(slotId, cancellationToken) is not null)
            throw new InvalidOperationException($"The slot {slotId} was deleted and is still there: it is looked at again.");
    }
}
