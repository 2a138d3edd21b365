using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Passes over containers, in both directions.</summary>
internal sealed class BlobSync(BlobStores stores, ContainerCopier copier, ContainerComparer comparer, BlobWayBack wayBack, ILogger<BlobSync> logger) : IDataSync
{
    private const int MaxNames = 100;

    public async Task<DataSetCount> CountAsync(DataSet data, CancellationToken cancellationToken)
    {
        long objects = 0, bytes = 0;
        var unsupported = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var names = new List<string>();

        await foreach (var (item, _) in new ContainerListing(stores.Container(data.Source)).ReadAsync(pageToken: null, after: null, cancellationToken))
        {
            objects++;
            bytes += item.Size;
            if (item.Obstacle is not { } obstacle) continue;
            unsupported[obstacle] = unsupported.GetValueOrDefault(obstacle) + 1;
            if (names.Count < MaxNames) names.Add(item.Name);
        }

        return new DataSetCount(objects, bytes, unsupported, [.. names]);
    }

    public async Task<CopyChangesResult> CopyChangesAsync(CopyChangesInput input, CancellationToken cancellationToken)
    {
        var before = PassCursor.Parse(input.Cursor);
        var target = stores.Container(input.Data.Target);
        await TargetMark.DemandFillableAsync(target, input.RunId, cancellationToken);

        var batch = await copier.CopyChangesAsync(
            stores.Container(input.Data.Source),
            target,
            before?.At ?? ListingCursor.Start,
            CopyBudget.Batch,
            new CopyRules { AsOf = input.AsOf, DeleteExtras = true },
            cancellationToken);

        var began = before?.Began ?? batch.Began;
        var oldestLeft = Earlier(before?.OldestLeft, batch.OldestLeft);
        var next = batch.Next is { } at ? new PassCursor(at, began, oldestLeft) : null;
        logger.BatchCopied(input.RunId, input.Data.Name, input.Pass, batch.Copied, batch.Deleted, batch.Bytes, batch.Overtaken);
        return new CopyChangesResult(
            batch.Copied, batch.Deleted, batch.Bytes, batch.Examined, batch.Overtaken, next?.ToString(), next is null,
            next is null ? batch.Ended - (Earlier(began, oldestLeft) ?? began) : null);
    }

    public async Task<FinalDeltaResult> FinishAsync(DataSet data, FinalDeltaInput input, CancellationToken cancellationToken)
    {
        var (source, target) = (stores.Container(data.Source), stores.Container(data.Target));
        await TargetMark.DemandFillableAsync(target, input.RunId, cancellationToken);

        var budget = new CopyBudget(int.MaxValue, long.MaxValue, input.Limit);
        var rules = new CopyRules { AsOf = input.AsOf, DeleteExtras = true };
        var copied = await copier.CopyChangesAsync(source, target, ListingCursor.Start, budget, rules, cancellationToken);
        if (copied.Next is not null) return FinalDeltaResult.OutOfTime(data);

        // The target is written by this run alone, and the store acknowledged each write: only the source must be looked at again.
        var again = await ListingDigest.OfAsync(source, cancellationToken);
        if (copied.Overtaken == 0 && again.IsSameAs(copied.Source))
            return new FinalDeltaResult(copied.Copied, copied.Deleted, copied.Bytes, again.Count, Remaining: 0, Mismatches: [], ElapsedMs: 0);

        var found = await comparer.CompareAsync(
            source, target, ListingCursor.Start, budget, new CompareRules { Made = copied }, cancellationToken);
        if (found.Next is not null) return FinalDeltaResult.OutOfTime(data);

        return new FinalDeltaResult(
            copied.Copied, copied.Deleted, copied.Bytes, found.Compared, found.Mismatches,
            [.. found.Differences.Select(difference => $"{data.Name}: {difference.Name} ({difference.What})")], ElapsedMs: 0);
    }

    public async Task<ReverseDeltaResult> CopyBackAsync(ReverseDeltaInput input, CancellationToken cancellationToken)
    {
        var before = PassCursor.Parse(input.Cursor);
        var batch = await copier.CopyChangesAsync(
            stores.Container(input.Data.Target),
            stores.Container(input.Data.Source),
            before?.At ?? ListingCursor.Start,
            CopyBudget.Batch,
            new CopyRules { Since = input.CutOverAt, DeleteExtras = true },
            cancellationToken);

        var next = batch.Next is { } at ? new PassCursor(at, before?.Began ?? batch.Began) : null;
        logger.BatchCopied(input.RunId, input.Data.Name, 0, batch.Copied, batch.Deleted, batch.Bytes, batch.Overtaken);
        if (batch.Conflicts > 0) logger.ReverseConflicts(input.RunId, input.Data.Name, batch.Conflicts);
        return new ReverseDeltaResult(
            batch.Copied, batch.Deleted, batch.Bytes, batch.Overtaken, batch.Conflicts, [.. batch.ConflictNames], next?.ToString(), next is null);
    }

    public Task<TryReverseResult> TryWayBackAsync(string runId, DataSet data, CancellationToken cancellationToken) =>
        wayBack.TryAsync(runId, data, cancellationToken);

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;
}
