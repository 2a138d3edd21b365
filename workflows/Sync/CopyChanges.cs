using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// Copies a bounded batch of what the target lacks or has otherwise, and deletes what the source lacks. Again, or late, it does no harm: a target object
/// that changed after the batch was decided is left alone, and so is a target that has gone live.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0100 to MIG0107: a store refused; MIG0112: the target is live; MIG0114: the target is not this run's.</exception>
public sealed class CopyChanges(BlobStores stores, ContainerCopier copier, ILogger<CopyChanges> logger)
{
    [Function(nameof(CopyChanges))]
    public async Task<CopyChangesResult> RunAsync([ActivityTrigger] CopyChangesInput input, CancellationToken cancellationToken)
    {
        var target = stores.Container(input.Data.Target);
        await TargetMark.DemandFillableAsync(target, input.RunId, cancellationToken);

        var batch = await copier.CopyChangesAsync(
            stores.Container(input.Data.Source),
            target,
            input.Cursor?.At ?? ListingCursor.Start,
            CopyBudget.Batch,
            new CopyRules { AsOf = input.AsOf, DeleteExtras = true },
            cancellationToken);

        var began = input.Cursor?.Began ?? batch.Began;
        var oldestLeft = Earlier(input.Cursor?.OldestLeft, batch.OldestLeft);
        var next = batch.Next is { } at ? new PassCursor(at, began, oldestLeft) : null;
        logger.BatchCopied(input.RunId, input.Data.Name, input.Pass, batch.Copied, batch.Deleted, batch.Bytes, batch.Overtaken);
        return new CopyChangesResult(
            batch.Copied, batch.Deleted, batch.Bytes, batch.Examined, batch.Overtaken, next, next is null,
            next is null ? batch.Ended - (Earlier(began, oldestLeft) ?? began) : null);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;
}
