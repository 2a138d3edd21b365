using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Planning;
using Orchestrator.Workflows.Provisioning;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Verification;
using Orchestrator.Workflows.Waiting;

namespace Orchestrator.Workflows.CutOver;

/// <summary>Looks at each condition of a cut-over and says which do not hold, the gravest first. Only looks.</summary>
public sealed class CheckReadiness(RunDocuments documents, AppService apps, Governance governance, WarmSlot warm, TimeProvider time)
{
    [Function(nameof(CheckReadiness))]
    public async Task<IReadOnlyList<Refusal>> RunAsync([ActivityTrigger] ReadinessOrder order, CancellationToken cancellationToken)
    {
        var (cutOver, terms) = (order.CutOver, order.Terms);
        return [
            .. await SiteAsync(cutOver, cancellationToken),
            .. Data(cutOver, terms, order.Copied),
            .. await ApprovalAsync(cutOver.Hold.RunId, terms, cancellationToken),
            .. Time(terms),
            .. await WarmthAsync(cutOver, cancellationToken),
        ];
    }

    private async Task<IReadOnlyList<Refusal>> SiteAsync(CutOverInput cutOver, CancellationToken cancellationToken)
    {
        var refusals = new List<Refusal>();
        var locks = await governance.ListLocksAsync(cutOver.Hold.Site, cancellationToken);
        refusals.AddRange(locks.Where(l => l.Level == "ReadOnly").Select(l => new Refusal(CutOverCodes.Locked, $"The lock {l.Id} forbids every change of the site, the swap too.")));
        var production = await apps.FindAsync(new SiteId(cutOver.Hold.Site).Id, cancellationToken);
        if (production?.TargetSwapSlot is { } other && !string.Equals(other, cutOver.Slot, StringComparison.OrdinalIgnoreCase))
            refusals.Add(new(CutOverCodes.OtherSwap, $"A swap with the slot {other} is in preview on the site: complete or cancel it."));
        if (production?.InProgressOperationId is { } operation)
            refusals.Add(new(CutOverCodes.OtherSwap, $"The operation {operation} is under way on the site."));
        return refusals;
    }

    private static IEnumerable<Refusal> Data(CutOverInput cutOver, CutOverTerms terms, IReadOnlyList<DataSetSync> copied)
    {
        foreach (var data in cutOver.Data)
        {
            if (copied.FirstOrDefault(c => c.Name == data.Name) is not { Passes: > 0 } sync)
                yield return new(CutOverCodes.CopyIncomplete, $"The data {data.Name} has no pass that reached its end.");
            else if (sync.Lag > data.MaxLag)
                yield return new(CutOverCodes.Lags, $"The copy of {data.Name} is {sync.Lag.TotalSeconds:0.0} s behind, {data.MaxLag.TotalSeconds:0.###} s are allowed.");
            if (data.Reverse && !terms.WayBackTried.Contains(data.Name, StringComparer.Ordinal))
                yield return new(CutOverCodes.WayBackNotTried, $"The way back of {data.Name} has not been tried.");
        }
    }

    /// <summary>The documents themselves are looked at: what was approved must be what stands there.</summary>
    private async Task<IReadOnlyList<Refusal>> ApprovalAsync(string runId, CutOverTerms terms, CancellationToken cancellationToken)
    {
        var plan = await documents.ReadRawAsync(RunPaths.Plan(runId), cancellationToken);
        var verification = await documents.ReadRawAsync(RunPaths.Verification(runId), cancellationToken);
        var standing = Digests.Of(plan is null ? "" : MakePlan.DigestOf(JsonNode.Parse(plan)!.AsObject()), verification is null ? "" : Digests.Of(verification));
        if (standing != terms.Digest)
            return [new(CutOverCodes.NotApproved, $"The plan and the verification of the run were changed since: they have the digest {standing}, the run goes by {terms.Digest}.")];
        return terms.ApprovedDigest is { } approved && approved != standing
            ? [new(CutOverCodes.NotApproved, $"People approved {approved}, what stands now is {standing}.")]
            : [];
    }

    private IEnumerable<Refusal> Time(CutOverTerms terms)
    {
        var now = time.GetUtcNow();
        if (now > terms.VerifiedUntil)
            yield return new(VerifyCodes.Stale, $"The verification went stale at {terms.VerifiedUntil:O}.");
        if (terms.Window is { } window && WindowCalculator.Next(window, now, terms.Needed) is var next && (next is null || next.Start > now))
            yield return new(CutOverCodes.WindowClosed, $"The change takes {terms.Needed} by the estimate, and the window does not hold it now{(next is null ? "" : $"; it opens again at {next.Start:O}")}.");
    }

    private async Task<IReadOnlyList<Refusal>> WarmthAsync(CutOverInput cutOver, CancellationToken cancellationToken)
    {
        var sides = await Task.WhenAll(new[] { cutOver.HostName, cutOver.SlotHostName }.Select(host => warm.RunAsync(new WarmOrder(host, cutOver.HealthCheckPath), cancellationToken)));
        return [.. sides.Where(side => !side.Done).Select(side => new Refusal(CutOverCodes.NotWarm, $"Not warm: {side.Seen}."))];
    }
}
