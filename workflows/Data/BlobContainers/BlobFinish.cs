using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>
/// The last pass, all ranges side by side, and the proof that the side that is read then held still: somebody saw that it refuses writes, or, listed once
/// more, it shows the same objects in the same versions. The other side is written on conditions, and the store acknowledged each write: it need not be read again.
/// </summary>
internal sealed class BlobFinish(BlobStores stores, BlobPasses passes, BlobCensus census)
{
    private const int MaxNames = 100;

    public async Task<FinalDeltaResult> RunAsync(DataSet data, FinalDeltaInput input, CancellationToken cancellationToken)
    {
        var marked = input.Reverse ? Task.CompletedTask : TargetMark.DemandFillableAsync(stores.Container(data.Target), input.RunId, cancellationToken);
        var finding = census.Ranges(input.RunId, data).ReadAsync(cancellationToken);
        await Task.WhenAll(marked, finding);

        var parts = await Task.WhenAll((await finding).Select((range, index) => FinishAsync(data, input, range, index, cancellationToken)));
        return new FinalDeltaResult(
            parts.Sum(part => part.Copied),
            parts.Sum(part => part.Deleted),
            parts.Sum(part => part.Bytes),
            parts.Sum(part => part.Objects),
            parts.Sum(part => part.Remaining),
            [.. parts.SelectMany(part => part.Mismatches).Take(MaxNames)],
            ElapsedMs: 0);
    }

    private async Task<FinalDeltaResult> FinishAsync(DataSet data, FinalDeltaInput input, SyncRange range, int index, CancellationToken cancellationToken)
    {
        var cursor = new PassCursor(index, range.Start, PassCursor.GenerationOf(input.AsOf), Part: 0);
        var rules = new PassRules(input.Reverse, input.Full, input.AsOf, Hurried: true);
        var budget = new CopyBudget(int.MaxValue, long.MaxValue, input.Limit);
        var pass = await passes.RunAsync(input.RunId, data, range, cursor, rules, budget, BatchProgress.None, cancellationToken);
        if (pass.Next is not null) return FinalDeltaResult.OutOfTime(data);

        IReadOnlyList<string> remaining =
        [
            .. pass.LeftNames.Select(left => $"{data.Name}: {left.Name} ({left.What})"),
            .. pass.ConflictNames.Select(name => $"{data.Name}: {name} (changed on both sides)"),
        ];
        var count = pass.Left + pass.Conflicts;
        if (count == 0 && !input.PauseSeen && await HasChangedAsync(input.Reverse ? data.Target : data.Source, input.Reverse ? range.Start.ToToken : range.Start.FromToken, range, pass.Seen, cancellationToken))
            (count, remaining) = (1, [$"{data.Name}: it has changed since: the write pause does not hold"]);
        return new FinalDeltaResult(pass.Copied, pass.Deleted, pass.Bytes, pass.Seen.Count, count, [.. remaining], ElapsedMs: 0);
    }

    private async Task<bool> HasChangedAsync(string container, string? pageToken, SyncRange range, DigestValue seen, CancellationToken cancellationToken) =>
        (await ListingDigest.OfAsync(stores.Container(container), pageToken, range.Start.After, range.Until, cancellationToken)).Value != seen;
}
