using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// After a cut-over, carries a bounded batch of what changed at the target since back to the source. What changed at the source since on its own is a
/// conflict: kept, and reported. Again, or late, it does no harm.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0100 to MIG0107: a store refused.</exception>
public sealed class ReverseDelta(BlobStores stores, ContainerCopier copier, ILogger<ReverseDelta> logger)
{
    [Function(nameof(ReverseDelta))]
    public async Task<ReverseDeltaResult> RunAsync([ActivityTrigger] ReverseDeltaInput input, CancellationToken cancellationToken)
    {
        var batch = await copier.CopyChangesAsync(
            stores.Container(input.Data.Target),
            stores.Container(input.Data.Source),
            input.Cursor?.At ?? ListingCursor.Start,
            CopyBudget.Batch,
            new CopyRules { Since = input.CutOverAt, DeleteExtras = true },
            cancellationToken);

        var next = batch.Next is { } at ? new PassCursor(at, input.Cursor?.Began ?? batch.Began) : null;
        logger.BatchCopied(input.RunId, input.Data.Name, 0, batch.Copied, batch.Deleted, batch.Bytes, batch.Overtaken);
        if (batch.Conflicts > 0) logger.ReverseConflicts(input.RunId, input.Data.Name, batch.Conflicts);
        return new ReverseDeltaResult(
            batch.Copied, batch.Deleted, batch.Bytes, batch.Overtaken, batch.Conflicts, [.. batch.ConflictNames], next, next is null);
    }
}
