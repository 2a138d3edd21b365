using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Azure;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Provisioning;

/// <summary>The release's template is deployed, under a name made from the run's id: a second call finds the first one's deployment.</summary>
/// <exception cref="PermanentFailureException">MIG0223: the deployment failed; the message has Azure's reason.</exception>
public sealed class DeployTemplate(RunDocuments documents, Deployments deployments, SiteLease lease, IOptions<AzureOptions> azure)
{
    [Function(nameof(DeployTemplate))]
    public async Task<Convergence> RunAsync([ActivityTrigger] SlotOrder order, CancellationToken cancellationToken)
    {
        var (group, name) = (new SiteId(order.Hold.Site).GroupId, DeploymentNames.For(order.Hold.RunId));
        switch (await deployments.FindAsync(group, name, cancellationToken))
        {
            case null:
                var release = (await documents.ReadSpecAsync(order.Hold.RunId, cancellationToken)).Release;
                await lease.DemandAsync(order.Hold, cancellationToken);
                await deployments.StartAsync(group, name, JsonNode.Parse(release.Template!.Value.GetRawText())!,
                    release.TemplateParameters is { } parameters ? JsonNode.Parse(parameters.GetRawText()) : null, cancellationToken);
                return new Convergence(Done: false, azure.Value.PollInterval, Seen: "started");
            case ("Succeeded", _):
                return Convergence.Reached;
            case ("Failed" or "Canceled", var error):
                throw new PermanentFailureException(ProvisionCodes.TemplateFailed, $"The deployment {name} in {group} failed: {error ?? "Azure gave no reason"}");
            case (var state, _):
                return new Convergence(Done: false, azure.Value.PollInterval, Seen: state);
        }
    }
}
