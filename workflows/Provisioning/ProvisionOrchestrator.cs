using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Provisioning;

/// <summary>
/// Returns the slot's host name. Builds the target beside production: resources, containers, the slot with its settings and package, warm. Its caller has the
/// undo of each on its saga before it calls.
/// </summary>
public static class ProvisionOrchestrator
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    [Function(nameof(ProvisionOrchestrator))]
    public static async Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, ProvisionInput input)
    {
        object Order(string? operation) => new SlotOrder(input.Hold, input.Slot, operation);

        if (input.HasTemplate) await Converge.UntilAsync(context, nameof(DeployTemplate), Order, Limit, ProvisionCodes.TemplateFailed, Retry.Standard);
        // Patient: Azure refuses a container's name for a while after one of that name was deleted.
        foreach (var data in input.Data)
            await context.CallActivityAsync(nameof(EnsureTargetContainer), new TargetContainerInput(input.Hold.RunId, data), Retry.Patient);

        await Converge.UntilAsync(context, nameof(EnsureSlot), Order, Limit, ProvisionCodes.SlotNotReady, Retry.Standard);
        await context.CallActivityAsync(nameof(ConfigureSlot), Order(null), Retry.Standard);
        await Converge.UntilAsync(context, nameof(DeployPackage), Order, Limit, ProvisionCodes.PackageFailed, Retry.Standard);
        var hostName = await context.CallActivityAsync<string>(nameof(ReadSlotHost), Order(null), Retry.Standard);
        await Converge.UntilAsync(
            context, nameof(WarmSlot), _ => new WarmOrder(hostName, input.HealthCheckPath), Limit, ProvisionCodes.SlotNotWarm, Retry.Standard);
        return hostName;
    }
}
