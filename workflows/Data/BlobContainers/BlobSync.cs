using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Passes over containers, in both directions.</summary>
internal sealed class BlobSync(BlobStores stores, BlobPasses passes, BlobCensus census, BlobFinish finish, BlobWayBack wayBack, RunPaces paces, ILogger<BlobSync> logger) : IDataSync
{
    public Task<DataSetCount> CountAsync(CountObjectsInput input, CancellationToken cancellationToken) => census.CountAsync(input, cancellationToken);

    public Task<DivideDataResult> DivideAsync(DivideDataInput input, CancellationToken cancellationToken) => census.DivideAsync(input, cancellationToken);

    public async Task<CopyChangesResult> CopyChangesAsync(CopyChangesInput input, BatchProgress progress, CancellationToken cancellationToken)
    {
        var marked = TargetMark.DemandFillableAsync(stores.Container(input.Data.Target), input.RunId, cancellationToken);
        var finding = census.Ranges(input.RunId, input.Data).ReadAsync(cancellationToken);
        await Task.WhenAll(marked, finding);

        var (ranges, rules) = (await finding, new PassRules(Reverse: false, input.Full, input.AsOf));
        var cursor = PassCursor.Parse(input.Cursor) ?? Begin(ranges, input.Range ?? 0, PassCursor.GenerationOf(input.AsOf));
        var batch = await PacedAsync(paces.Of(input.RunId), budget => passes.RunAsync(input.RunId, input.Data, ranges[cursor.Range], cursor, rules, budget, progress, cancellationToken));

        var next = batch.Next ?? (input.Range is null ? After(ranges, cursor, batch) : null);
        logger.BatchCopied(LevelOf(batch, isFirst: input.Pass == 1), input.RunId, input.Data.Name, input.Pass, batch.Copied, batch.Deleted, batch.Bytes, batch.Left);
        if (batch.PutBack > 0) logger.TargetPutBack(input.RunId, input.Data.Name, batch.PutBack);
        if (batch.Conflicts > 0) logger.ForwardConflicts(input.RunId, input.Data.Name, batch.Conflicts);
        return new CopyChangesResult(
            batch.Copied, batch.Deleted, batch.Bytes, batch.Seen.Count, batch.Left, next?.ToString(), next is null,
            next is null ? batch.Ended - (PassOutcome.Earlier(batch.Began, batch.OldestLeft) ?? batch.Began) : null,
            batch.Conflicts, batch.ConflictNames, batch.PutBack);
    }

    public Task<FinalDeltaResult> FinishAsync(DataSet data, FinalDeltaInput input, CancellationToken cancellationToken) => finish.RunAsync(data, input, cancellationToken);

    public async Task<ReverseDeltaResult> CopyBackAsync(ReverseDeltaInput input, CancellationToken cancellationToken)
    {
        var ranges = await census.Ranges(input.RunId, input.Data).ReadAsync(cancellationToken);
        var cursor = PassCursor.Parse(input.Cursor) ?? Begin(ranges, 0, PassCursor.GenerationOf(input.AsOf));
        var rules = new PassRules(Reverse: true, input.Full, input.AsOf);
        var batch = await passes.RunAsync(input.RunId, input.Data, ranges[cursor.Range], cursor, rules, CopyBudget.Batch, BatchProgress.None, cancellationToken);

        var next = batch.Next ?? After(ranges, cursor, batch);
        logger.BatchCopied(LevelOf(batch), input.RunId, input.Data.Name, 0, batch.Copied, batch.Deleted, batch.Bytes, batch.Left);
        if (batch.Conflicts > 0) logger.ReverseConflicts(input.RunId, input.Data.Name, batch.Conflicts);
        return new ReverseDeltaResult(
            batch.Copied, batch.Deleted, batch.Bytes, batch.Left, batch.Conflicts, batch.ConflictNames, next?.ToString(), next is null);
    }

    public async Task<SharedDeltaResult> CarrySharedAsync(SharedDeltaInput input, CancellationToken cancellationToken)
    {
        var marked = TargetMark.DemandSharedAsync(stores.Container(input.Data.Target), input.RunId, input.Key, cancellationToken);
        var finding = census.Ranges(input.RunId, input.Data).ReadAsync(cancellationToken);
        await Task.WhenAll(marked, finding);

        var (ranges, rules) = (await finding, new PassRules(input.Back, input.Full, input.AsOf, Shared: true));
        // Two directions decided at one instant are two passes.
        var cursor = PassCursor.Parse(input.Cursor) ?? Begin(ranges, 0, $"{PassCursor.GenerationOf(input.AsOf)}{(input.Back ? "b" : "a")}");
        var batch = await passes.RunAsync(input.RunId, input.Data, ranges[cursor.Range], cursor, rules, CopyBudget.Batch, BatchProgress.None, cancellationToken);

        var next = batch.Next ?? After(ranges, cursor, batch);
        logger.BatchCopied(LevelOf(batch), input.RunId, input.Data.Name, 0, batch.Copied, batch.Deleted, batch.Bytes, batch.Left);
        if (batch.Conflicts > 0) logger.SharedConflicts(input.RunId, input.Data.Name, batch.Conflicts);
        return new SharedDeltaResult(
            batch.Copied, batch.Deleted, batch.Bytes, batch.Left, batch.Conflicts, batch.ConflictNames, next?.ToString(), next is null,
            next is null ? batch.Ended - (PassOutcome.Earlier(batch.Began, batch.OldestLeft) ?? batch.Began) : null);
    }

    public Task<TryReverseResult> TryWayBackAsync(string runId, DataSet data, CancellationToken cancellationToken) => wayBack.TryAsync(runId, data, cancellationToken);

    private static LogLevel LevelOf(PassOutcome batch, bool isFirst = false) => isFirst || batch.Copied + batch.Deleted + batch.Left > 0 ? LogLevel.Information : LogLevel.Debug;

    private static async Task<PassOutcome> PacedAsync(CopyPace pace, Func<CopyBudget, Task<PassOutcome>> batch)
    {
        await pace.EnterAsync();
        try
        {
            return await batch(CopyBudget.Batch with { Pace = pace });
        }
        finally
        {
            pace.Leave();
        }
    }

    private static PassCursor Begin(IReadOnlyList<SyncRange> ranges, int range, string generation) => new(range, ranges[range].Start, generation, Part: 0);

    /// <summary>The next range of the same pass; null after the last.</summary>
    private static PassCursor? After(IReadOnlyList<SyncRange> ranges, PassCursor cursor, PassOutcome batch) => cursor.Range + 1 < ranges.Count
        ? Begin(ranges, cursor.Range + 1, cursor.Generation) with { Began = batch.Began, OldestLeft = batch.OldestLeft }
        : null;
}
