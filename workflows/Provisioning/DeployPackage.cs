using Azure;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Azure;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Provisioning;

/// <summary>
/// The slot runs the release's package. The same package deployed twice is the same content; one that is under way, perhaps by a
/// call whose answer was lost, is waited for.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0222: App Service could not deploy it; the message has its reason.</exception>
public sealed class DeployPackage(RunDocuments documents, AppService apps, SiteLease lease, IOptions<AzureOptions> azure)
{
    // Kudu's states of a deployment; a failed one still answers 200.
    private const string Failed = "3";

    [Function(nameof(DeployPackage))]
    public async Task<Convergence> RunAsync([ActivityTrigger] SlotOrder order, CancellationToken cancellationToken)
    {
        // Begun by this call's forerunner, or by one whose answer was lost: followed, not begun again.
        var operation = order.Operation ?? (await documents.ReadAsync<Begun>(Path(order), cancellationToken))?.Operation;
        var answer = operation is not null ? await apps.PollAsync(new Uri(operation), cancellationToken, 400, 404, 409) : await StartAsync(order, cancellationToken);
        if (answer is null) return Convergence.Reached;
        if (answer.Status == 202)
            return new Convergence(Done: false, answer.RetryAfter is { } wait && wait < azure.Value.PollInterval ? wait : azure.Value.PollInterval, answer.Poll?.AbsoluteUri ?? operation, "deploying");
        if (answer.Status == 409 && operation is null)
            return new Convergence(Done: false, azure.Value.PollInterval, Seen: "another deployment is under way on the slot");
        if (answer.Status >= 400 || Status(answer) == Failed)
            throw new PermanentFailureException(ProvisionCodes.PackageFailed, $"App Service did not deploy the package to {order.Slot}: {Reason(answer)}");
        return Convergence.Reached;
    }

    private async Task<ArmAnswer?> StartAsync(SlotOrder order, CancellationToken cancellationToken)
    {
        var spec = await documents.ReadSpecAsync(order.Hold.RunId, cancellationToken);
        if (spec.Release.Package is not { } package) return null;
        await lease.DemandAsync(order.Hold, cancellationToken);
        try
        {
            var answer = await apps.DeployPackageAsync(new SiteId(order.Hold.Site).SlotId(order.Slot), package, cancellationToken);
            if (answer is { Status: 202, Poll: { } poll }) await documents.PutAsync(Path(order), new Begun(poll.AbsoluteUri), cancellationToken);
            return answer;
        }
        catch (RequestFailedException refused) when (refused.Status is >= 400 and < 500 and not (403 or 408 or 409 or 429))
        {
            throw new PermanentFailureException(ProvisionCodes.PackageFailed, $"App Service refuses the package for {order.Slot}: {refused.Message.Split('\n')[0]}");
        }
    }

    private static string Path(SlotOrder order) => RunPaths.Of(order.Hold.RunId, "package.json");

    private sealed record Begun(string Operation);

    private static string? Status(ArmAnswer answer) => answer.Text("properties.status") ?? answer.Text("status");

    private static string Reason(ArmAnswer answer) =>
        answer.Text("properties.message") ?? answer.Text("properties.status_text") ?? answer.Text("message") ?? ArmErrors.Explain(answer.Body?.ToJsonString()).Message ?? $"status {answer.Status}";
}
