using Azure;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.CutOver;

/// <summary>
/// Production runs the slot's content. Looks first, and keeps in a document when it asked: a call whose answer was lost, or a second
/// one, looks again for a while before it may ask again, so that it never swaps back what was just swapped.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0304: App Service gave the swap up or never took it; MIG0300: neither side is what it was.</exception>
public sealed class MakeSlotLive(AppService apps, RunDocuments documents, SiteLease lease, TimeProvider time)
{
    private const int MostAsked = 2;

    // Writes are paused: look often at first, and without the detour over the orchestrator.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Later = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BeforeAskingAgain = TimeSpan.FromSeconds(3);

    [Function(nameof(MakeSlotLive))]
    public async Task<Convergence> RunAsync([ActivityTrigger] SwapOrder order, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var pause = Soon; ; pause = pause < Later ? pause * 1.5 : Later)
        {
            var seen = await StepAsync(order, cancellationToken);
            if (seen.Done || time.GetElapsedTime(began) > Patience) return seen;
            order = order with { Operation = seen.Operation ?? order.Operation };
            using var pace = new PeriodicTimer(pause, time);
            await pace.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task<Convergence> StepAsync(SwapOrder order, CancellationToken cancellationToken)
    {
        var site = new SiteId(order.Hold.Site);
        var production = await apps.FindAsync(site.Id, cancellationToken);
        if (production?.DeploymentId == order.Sides.Slot) return Convergence.Reached;
        if (production?.DeploymentId != order.Sides.Production)
            throw new PermanentFailureException(CutOverCodes.SidesChanged, $"Production runs {production?.DeploymentId}, neither {order.Sides.Production} nor {order.Sides.Slot}: somebody else swapped or deployed.");
        if (order.Operation is { } operation) return await LookAsync(operation, cancellationToken);
        var asked = await documents.ReadAsync<SwapAsked>(Path(order), cancellationToken);
        if (production.InProgressOperationId is { } other) return new Convergence(Done: false, Soon, Seen: $"operation {other} under way");
        if (asked is not null && time.GetUtcNow() - asked.At < BeforeAskingAgain) return new Convergence(Done: false, Soon, Seen: "asked, production does not show it yet");
        if (asked is not null && (asked.Times >= MostAsked || time.GetUtcNow() > order.AskUntil))
            throw new PermanentFailureException(CutOverCodes.SwapFailed, $"App Service was asked to swap {asked.Times} times, and production still runs {order.Sides.Production}.{(asked.Refused is { } why ? $" It answered: {why}" : "")}");

        await lease.DemandAsync(order.Hold, cancellationToken);
        return await AskAsync(site.SlotId(order.Slot), order, asked, cancellationToken);
    }

    private async Task<Convergence> AskAsync(string slotId, SwapOrder order, SwapAsked? asked, CancellationToken cancellationToken)
    {
        var times = asked?.Times ?? 0;
        var now = new SwapAsked(time.GetUtcNow(), times + 1, asked?.Refused);
        await documents.PutAsync(Path(order), now, cancellationToken);
        var answer = await SwapAsync(slotId, order, now, cancellationToken);
        if (answer.Status != 409) return new Convergence(Done: false, Soon, answer.Poll?.AbsoluteUri, "swapping");

        // Somebody, perhaps this run a moment ago, is at it: that is no refusal, and does not count as one.
        await documents.PutAsync(Path(order), now with { At = time.GetUtcNow(), Times = times }, cancellationToken);
        return new Convergence(Done: false, Soon, Seen: ArmErrors.Explain(answer.Body?.ToJsonString()).Message ?? "another operation is under way");
    }

    // Another look may be the one that gives up: it finds here why.
    private async Task<ArmAnswer> SwapAsync(string slotId, SwapOrder order, SwapAsked now, CancellationToken cancellationToken)
    {
        try
        {
            return await apps.SwapAsync(slotId, cancellationToken);
        }
        catch (RequestFailedException refused) when (refused.Status != 0)
        {
            await documents.PutAsync(Path(order), now with { Refused = refused.Message.Split('\n')[0] }, cancellationToken);
            throw;
        }
    }

    // The poll's own end is not waited for once the site shows the new content; its failure is. The address is kept: without it the swap would be asked for again.
    private async Task<Convergence> LookAsync(string operation, CancellationToken cancellationToken)
    {
        var answer = await apps.PollAsync(new Uri(operation), cancellationToken, 400, 404, 409, 500);
        return answer.Status switch
        {
            202 => new Convergence(Done: false, Soon, answer.Poll?.AbsoluteUri ?? operation, "swapping"),
            < 400 => new Convergence(Done: false, Soon, operation, "App Service says swapped, the site does not show it yet"),
            404 => new Convergence(Done: false, Soon, operation, "the swap's operation is not known any more"),
            _ => throw new PermanentFailureException(CutOverCodes.SwapFailed, $"App Service gave the swap up: {ArmErrors.Explain(answer.Body?.ToJsonString()).Message ?? $"status {answer.Status}"}"),
        };
    }

    // A swap and the one back are two questions: each is named by the content that it makes live, and by the attempt.
    private static string Path(SwapOrder order) => RunPaths.Of(order.Hold.RunId, $"swap-to-{order.Sides.Slot}-{order.Attempt}.json");

    /// <param name="Refused">What App Service answered last to a call that it did not take; absent where it took each, or did not answer.</param>
    private sealed record SwapAsked(DateTimeOffset At, int Times, string? Refused = null);
}
