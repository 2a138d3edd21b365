using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Azure;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.CutOver;

/// <summary>The swap is in preview: the slot runs with production's sticky settings, production is untouched.</summary>
/// <exception cref="PermanentFailureException">MIG0306: another slot is in preview.</exception>
public sealed class ApplyPreview(AppService apps, SiteLease lease, IOptions<AzureOptions> azure)
{
    [Function(nameof(ApplyPreview))]
    public async Task<Convergence> RunAsync([ActivityTrigger] PreviewOrder order, CancellationToken cancellationToken)
    {
        var site = new SiteId(order.Hold.Site);
        var production = await apps.FindAsync(site.Id, cancellationToken);
        if (string.Equals(production?.TargetSwapSlot, order.Slot, StringComparison.OrdinalIgnoreCase)) return Convergence.Reached;
        if (production?.TargetSwapSlot is { } other)
            throw new PermanentFailureException(CutOverCodes.PreviewFailed, $"A swap with the slot {other} is in preview on {site.Id}: complete or cancel it.");
        if (production?.InProgressOperationId is { } operation) return new Convergence(Done: false, azure.Value.PollInterval, Seen: $"operation {operation} under way");

        await lease.DemandAsync(order.Hold, cancellationToken);
        await apps.ApplySlotConfigAsync(site.SlotId(order.Slot), cancellationToken);
        return new Convergence(Done: false, TimeSpan.FromMilliseconds(100), Seen: "applied, not yet seen on the site");
    }
}
