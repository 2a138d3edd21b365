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
        var left = new List<string>();
        foreach (var created in (plan?.WhatIf ?? []).Where(c => c.ChangeType == "Create").OrderByDescending(c => c.ResourceId.Length))
        {
            var type = new ResourceIdentifier(created.ResourceId).ResourceType.ToString();
            var version = await governance.ApiVersionAsync(site.Subscription, type, cancellationToken);
            await governance.DeleteAsync(created.ResourceId, version, cancellationToken);
            if (await governance.ExistsAsync(created.ResourceId, version, cancellationToken)) left.Add(created.ResourceId);
        }
        // A deletion may go on behind a 202, and may fail there: only what is not found any more is gone.
        if (left.Count > 0) throw new InvalidOperationException($"Deleted and still there: {string.Join(", ", left)}. It is looked at again.");
    }
}
