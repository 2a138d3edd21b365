using Azure.Core;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Planning;

namespace Orchestrator.Workflows.Provisioning;

/// <summary>Undo of <see cref="DeployTemplate"/>: what the plan's what-if said would be created is deleted. Nothing happens where the deployment never started.</summary>
public sealed class RemoveDeployedResources(RunDocuments documents, Deployments deployments, Governance governance, SiteLease lease)
{
    [Function(nameof(RemoveDeployedResources))]
    public async Task RunAsync([ActivityTrigger] SlotOrder order, CancellationToken cancellationToken)
    {
        var site = new SiteId(order.Hold.Site);
        if (await deployments.FindAsync(site.GroupId, DeploymentNames.For(order.Hold.RunId), cancellationToken) is not var (state, _)) return;
        if (state is not ("Succeeded" or "Failed" or "Canceled"))
            throw new InvalidOperationException($"The deployment is still {state}: its resources are removed when it has ended.");

        var plan = await documents.ReadAsync<MigrationPlan>(RunPaths.Plan(order.Hold.RunId), cancellationToken);
        await lease.DemandAsync(order.Hold, cancellationToken);
        // Children before parents: a longer id hangs on a shorter one.
        foreach (var created in (plan?.WhatIf ?? []).Where(c => c.ChangeType == "Create").OrderByDescending(c => c.ResourceId.Length))
        {
            var type = new ResourceIdentifier(created.ResourceId).ResourceType.ToString();
            await governance.DeleteAsync(created.ResourceId, await governance.ApiVersionAsync(site.Subscription, type, cancellationToken), cancellationToken);
        }
    }
}
