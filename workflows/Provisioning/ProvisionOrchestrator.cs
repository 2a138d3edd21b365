using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Snapshots;
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
        SlotOrder Order(string? operation) => new SlotOrder(input.Hold, input.Slot, operation);

        if (input.HasTemplate) await DeployTemplateAsync(context, input, Order);
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

    /// <summary>
    /// A template may touch production's configuration whatever its what-if said. How it was before and how the deployment left it, also where it failed, tells
    /// the undo apart what is to be restored from what somebody else set since.
    /// </summary>
    private static async Task DeployTemplateAsync(TaskOrchestrationContext context, ProvisionInput input, Func<string?, SlotOrder> order)
    {
        await KeepAsync(ConfigurationOrder.BeforeTemplate);
        try
        {
            await Converge.UntilAsync(context, nameof(DeployTemplate), order, Limit, ProvisionCodes.TemplateFailed, Retry.Standard);
        }
        catch (Exception)
        {
            try
            {
                await KeepAsync(ConfigurationOrder.AfterTemplate);
            }
            catch (TaskFailedException)
            {
                // Then the undo restores nothing and says so; what counts is why the deployment failed.
            }

            throw;
        }

        await KeepAsync(ConfigurationOrder.AfterTemplate);

        Task KeepAsync(string name) => context.CallActivityAsync(
            nameof(SnapshotConfiguration), new ConfigurationOrder(input.Hold.RunId, input.Hold.Site, input.SnapshotContainer, name), Retry.Standard);
    }
}
