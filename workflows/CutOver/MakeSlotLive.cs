using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.CutOver;

/// <summary>
/// Production runs the slot's content. Asks App Service first, so that a call whose answer was lost, or a second one, never swaps
/// back: the contents' ids say which side is live.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0304: App Service gave the swap up; MIG0300: neither side is what it was.</exception>
public sealed class MakeSlotLive(AppService apps, SiteLease lease)
{
    // Writes are paused: look often.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    [Function(nameof(MakeSlotLive))]
    public async Task<Convergence> RunAsync([ActivityTrigger] SwapOrder order, CancellationToken cancellationToken)
    {
        var site = new SiteId(order.Hold.Site);
        var production = await apps.FindAsync(site.Id, cancellationToken);
        if (production?.DeploymentId == order.Sides.Slot) return Convergence.Reached;
        if (production?.DeploymentId != order.Sides.Production)
            throw new PermanentFailureException(CutOverCodes.SidesChanged, $"Production runs {production?.DeploymentId}, neither {order.Sides.Production} nor {order.Sides.Slot}: somebody else swapped or deployed.");
        if (order.Operation is { } operation) return await LookAsync(new Uri(operation), order, cancellationToken);
        if (production.InProgressOperationId is { } other) return new Convergence(Done: false, Soon, Seen: $"operation {other} under way");

        await lease.DemandAsync(order.Hold, cancellationToken);
        var answer = await apps.SwapAsync(site.SlotId(order.Slot), cancellationToken);
        return answer.Status == 409
            ? new Convergence(Done: false, Soon, Seen: ArmErrors.Explain(answer.Body?.ToJsonString()).Message ?? "another operation is under way")
            : new Convergence(Done: false, Soon, answer.Poll?.AbsoluteUri, "swapping");
    }

    // The poll's own end is not waited for once the site shows the new content; its failure is.
    private async Task<Convergence> LookAsync(Uri operation, SwapOrder order, CancellationToken cancellationToken)
    {
        var answer = await apps.PollAsync(operation, cancellationToken, 400, 404, 409, 500);
        return answer.Status switch
        {
            202 => new Convergence(Done: false, Soon, answer.Poll?.AbsoluteUri ?? order.Operation, "swapping"),
            < 400 => new Convergence(Done: false, Soon, Seen: "App Service says swapped, the site does not show it yet"),
            // The operation is not known any more: the site itself says where it stands.
            404 => new Convergence(Done: false, Soon, Seen: "the swap's operation is not known any more"),
            _ => throw new PermanentFailureException(CutOverCodes.SwapFailed, $"App Service gave the swap up: {ArmErrors.Explain(answer.Body?.ToJsonString()).Message ?? $"status {answer.Status}"}"),
        };
    }
}
