using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// In the write pause: copies the rest of all data sets at once and tells what still differs. Nothing remaining means that the listings showed every
/// object of the source, and no other, at the target, but for those that were then copied or deleted on condition that nothing had changed; and that
/// the source, listed once more after that, was still the same: the pause holds.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0100 to MIG0107: a store refused; MIG0112: a target is live; MIG0114: a target is not this run's.</exception>
public sealed class FinalDelta(BlobStores stores, ContainerCopier copier, ContainerComparer comparer, TimeProvider time, ILogger<FinalDelta> logger)
{
    private const int MaxNames = 100;

    [Function(nameof(FinalDelta))]
    public async Task<FinalDeltaResult> RunAsync([ActivityTrigger] FinalDeltaInput input, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var limit = new CancellationTokenSource(input.Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);

        var parts = await Task.WhenAll(input.Data.Select(data => FinishAsync(data, input, either.Token, cancellationToken)));
        var result = new FinalDeltaResult(
            parts.Sum(part => part.Copied),
            parts.Sum(part => part.Deleted),
            parts.Sum(part => part.Bytes),
            parts.Sum(part => part.Objects),
            parts.Sum(part => part.Remaining),
            [.. parts.SelectMany(part => part.Mismatches).Take(MaxNames)],
            (long)time.GetElapsedTime(started).TotalMilliseconds);
        logger.FinalDeltaDone(input.RunId, result.Copied, result.Deleted, result.Remaining, result.ElapsedMs);
        return result;
    }

    private async Task<FinalDeltaResult> FinishAsync(
        DataSet data, FinalDeltaInput input, CancellationToken limited, CancellationToken cancellationToken)
    {
        try
        {
            return await FinishAsync(data, input, limited);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return OutOfTime(data);
        }
    }

    private async Task<FinalDeltaResult> FinishAsync(DataSet data, FinalDeltaInput input, CancellationToken cancellationToken)
    {
        var (source, target) = (stores.Container(data.Source), stores.Container(data.Target));
        await TargetMark.DemandFillableAsync(target, input.RunId, cancellationToken);

        var budget = new CopyBudget(int.MaxValue, long.MaxValue, input.Limit);
        var rules = new CopyRules { AsOf = input.AsOf, DeleteExtras = true };
        var copied = await copier.CopyChangesAsync(source, target, ListingCursor.Start, budget, rules, cancellationToken);
        if (copied.Next is not null) return OutOfTime(data);

        // The target is written by this run alone, and the store acknowledged each write: only the source must be looked at again.
        var again = await ListingDigest.OfAsync(source, cancellationToken);
        if (copied.Overtaken == 0 && again.IsSameAs(copied.Source))
            return new FinalDeltaResult(copied.Copied, copied.Deleted, copied.Bytes, again.Count, Remaining: 0, Mismatches: [], ElapsedMs: 0);

        var found = await comparer.CompareAsync(
            source, target, ListingCursor.Start, budget, new CompareRules { Made = copied }, cancellationToken);
        if (found.Next is not null) return OutOfTime(data);

        return new FinalDeltaResult(
            copied.Copied, copied.Deleted, copied.Bytes, found.Compared, found.Mismatches,
            [.. found.Differences.Select(difference => $"{data.Name}: {difference.Name} ({difference.What})")], ElapsedMs: 0);
    }

    private static FinalDeltaResult OutOfTime(DataSet data) =>
        new(Copied: 0, Deleted: 0, Bytes: 0, Objects: 0, Remaining: 1, [$"{data.Name}: not finished within the limit"], ElapsedMs: 0);
}
