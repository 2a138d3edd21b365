using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// Compensation: the target is as it was before the run, gone or empty. A container that is not marked as this run's is left as it is, absent is fine.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0112: the target is live.</exception>
public sealed class RemoveTargetContainer(BlobStores stores, ILogger<RemoveTargetContainer> logger)
{
    [Function(nameof(RemoveTargetContainer))]
    public async Task<bool> RunAsync([ActivityTrigger] TargetContainerInput input, CancellationToken cancellationToken)
    {
        var target = stores.Container(input.Data.Target);
        return await BlobErrors.ExplainAsync(input.Data.Target, async () =>
        {
            var removed = await RemoveAsync(target, input.RunId, cancellationToken);
            if (removed) logger.TargetRemoved(input.RunId, input.Data.Name);
            return removed;
        });
    }

    private static async Task<bool> RemoveAsync(BlobContainerClient target, string runId, CancellationToken cancellationToken)
    {
        BlobContainerProperties properties;
        try
        {
            properties = (await target.GetPropertiesAsync(conditions: null, cancellationToken)).Value;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.ContainerNotFound || error.ErrorCode == BlobErrorCode.ContainerBeingDeleted)
        {
            return false;
        }

        var mark = TargetMark.Of(properties);
        if (mark.Run != runId) return false;
        if (mark.Live) throw new PermanentFailureException(SyncCodes.TargetIsLive, $"{target.Uri} is live and is not removed");

        if (mark.Created)
        {
            // Going live touches the container: a removal decided before it then fails.
            await target.DeleteAsync(new BlobRequestConditions { IfUnmodifiedSince = properties.LastModified }, cancellationToken);
            return true;
        }

        await Parallel.ForEachAsync(
            target.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix: null, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = ObjectCopier.Parallelism, CancellationToken = cancellationToken },
            async (item, token) => await target.GetBlobClient(item.Name).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, conditions: null, token));
        await target.SetMetadataAsync(new TargetMark(Run: null, Created: false, Live: false).On(properties.Metadata), conditions: null, cancellationToken);
        return true;
    }
}
