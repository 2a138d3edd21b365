using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Target containers, told apart by their metadata. One that was there before the run is taken only when it is empty.</summary>
internal sealed class BlobTargets(BlobStores stores, TimeProvider time, ILogger<BlobTargets> logger) : IDataTargets
{
    /// <summary>An activity ends within four minutes: what is not deleted by then, the next try deletes.</summary>
    private static readonly CopyBudget Emptying = new(int.MaxValue, long.MaxValue, TimeSpan.FromMinutes(2.5));

    public Task EnsureAsync(string runId, DataSet data, CancellationToken cancellationToken) =>
        BlobErrors.ExplainAsync(data.Target, async () =>
        {
            var target = stores.Container(data.Target);
            if (await TryCreateAsync(target, runId, cancellationToken)) logger.TargetCreated(runId, data.Name);
            else await AdoptAsync(target, runId, cancellationToken);
            return true;
        });

    public Task<bool> RemoveAsync(string runId, DataSet data, CancellationToken cancellationToken) =>
        BlobErrors.ExplainAsync(data.Target, async () =>
        {
            var removed = await RemoveAsync(stores.Container(data.Target), runId, cancellationToken);
            if (removed) logger.TargetRemoved(runId, data.Name);
            return removed;
        });

    public Task MarkLiveAsync(string runId, DataSet data, CancellationToken cancellationToken) =>
        BlobErrors.ExplainAsync(data.Target, async () =>
        {
            var target = stores.Container(data.Target);
            var properties = (await target.GetPropertiesAsync(conditions: null, cancellationToken)).Value;
            var mark = TargetMark.Of(properties);
            if (mark.Live) return false;
            await target.SetMetadataAsync((mark with { Run = runId, Live = true }).On(properties.Metadata), conditions: null, cancellationToken);
            logger.TargetLive(runId, data.Name);
            return true;
        });

    public Task ShareAsync(string runId, DataSet data, string key, CancellationToken cancellationToken) =>
        MarkAsync(runId, data, mark => mark.Shared is null && string.CompareOrdinal(key, mark.SharedBefore) > 0 ? mark with { Shared = key } : mark, cancellationToken);

    public Task UnshareAsync(string runId, DataSet data, string key, CancellationToken cancellationToken) =>
        MarkAsync(runId, data, mark => mark.Shared == key ? mark with { Shared = null, SharedBefore = key } : mark, cancellationToken);

    private Task MarkAsync(string runId, DataSet data, Func<TargetMark, TargetMark> change, CancellationToken cancellationToken) =>
        BlobErrors.ExplainAsync(data.Target, async () =>
        {
            var target = stores.Container(data.Target);
            var properties = (await target.GetPropertiesAsync(conditions: null, cancellationToken)).Value;
            var (before, after) = (TargetMark.Of(properties), change(TargetMark.Of(properties)));
            if (before.Run != runId) throw new PermanentFailureException(SyncCodes.TargetNotOurs, $"{target.Uri} is not marked as the target of run {runId}");
            if (after == before) return false;
            await target.SetMetadataAsync(after.On(properties.Metadata), conditions: null, cancellationToken);
            logger.TargetShared(runId, data.Name, after.Shared is not null);
            return true;
        });

    private static async Task<bool> TryCreateAsync(BlobContainerClient target, string runId, CancellationToken cancellationToken)
    {
        try
        {
            await target.CreateAsync(PublicAccessType.None, new TargetMark(runId, Created: true, Live: false).On(), cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.ContainerAlreadyExists)
        {
            return false;
        }
    }

    private static async Task AdoptAsync(BlobContainerClient target, string runId, CancellationToken cancellationToken)
    {
        var properties = (await target.GetPropertiesAsync(conditions: null, cancellationToken)).Value;
        if (TargetMark.Of(properties).Run == runId) return;

        if (TargetMark.Of(properties).Run is { } other)
            throw new PermanentFailureException(SyncCodes.TargetInUse, $"{target.Uri} is the target of run {other}");
        await foreach (var item in target.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix: null, cancellationToken))
            throw new PermanentFailureException(SyncCodes.TargetInUse, $"{target.Uri} is not this run's and holds '{item.Name}'");

        // A container's metadata cannot be set on a condition. Of two runs that find it empty the later takes it, and the other's first batch sees that.
        await target.SetMetadataAsync(new TargetMark(runId, Created: false, Live: false).On(properties.Metadata), conditions: null, cancellationToken);
    }

    private async Task<bool> RemoveAsync(BlobContainerClient target, string runId, CancellationToken cancellationToken)
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
        if (mark.Shared is not null) throw new PermanentFailureException(SyncCodes.TargetIsShared, $"{target.Uri} holds what customers wrote while traffic moved in steps, and is not removed");

        if (mark.Created)
        {
            // Going live touches the container: a removal decided before it then fails.
            await target.DeleteAsync(new BlobRequestConditions { IfUnmodifiedSince = properties.LastModified }, cancellationToken);
            return true;
        }

        var meter = new BudgetMeter(Emptying, time);
        await Parallel.ForEachAsync(
            target.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix: null, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = ObjectCopier.Parallelism, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                if (meter.IsTimeUp) throw new TimeoutException($"{target.Uri} is not empty yet: the next try goes on");
                await target.GetBlobClient(item.Name).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, conditions: null, token);
            });
        await target.SetMetadataAsync(new TargetMark(Run: null, Created: false, Live: false).On(properties.Metadata), conditions: null, cancellationToken);
        return true;
    }
}
