using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.CutOver;

/// <summary>Undo of <see cref="ApplyPreview"/>: no swap with this slot is in preview. Nothing happens where none was.</summary>
public sealed class CancelPreview(AppService apps, SiteLease lease)
{
    [Function(nameof(CancelPreview))]
    public async Task RunAsync([ActivityTrigger] PreviewOrder order, CancellationToken cancellationToken)
    {
        var site = new SiteId(order.Hold.Site);
        if (!await StandsAsync(site, order.Slot, cancellationToken)) return;

        await lease.DemandAsync(order.Hold, cancellationToken);
        await apps.ResetSlotConfigAsync(site.SlotId(order.Slot), cancellationToken);
        if (await StandsAsync(site, order.Slot, cancellationToken))
            throw new InvalidOperationException($"The preview of {order.Slot} was cancelled and still stands: it is looked at again.");
    }

    private async Task<bool> StandsAsync(SiteId site, string slot, CancellationToken cancellationToken) =>
        string.Equals((await apps.FindAsync(site.Id, cancellationToken))?.TargetSwapSlot, slot, StringComparison.OrdinalIgnoreCase);
}
