using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Provisioning;

/// <summary>The host name that App Service gave the slot: long names are cut and newer sites get a hash, so it cannot be made up.</summary>
/// <exception cref="PermanentFailureException">MIG0221: the slot has no host name.</exception>
public sealed class ReadSlotHost(AppService apps)
{
    [Function(nameof(ReadSlotHost))]
    public async Task<string> RunAsync([ActivityTrigger] SlotOrder order, CancellationToken cancellationToken)
    {
        var slot = await apps.FindAsync(new SiteId(order.Hold.Site).SlotId(order.Slot), cancellationToken);
        return slot?.HostName is { Length: > 0 } host ? host : throw new PermanentFailureException(ProvisionCodes.SlotNotReady, $"App Service names no host for the slot {order.Slot}.");
    }
}
