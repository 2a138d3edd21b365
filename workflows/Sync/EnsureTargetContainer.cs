using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Sync;

/// <summary>Sees to it that the target container is there and marked as this run's. One that was there before is taken only when it is empty.</summary>
/// <exception cref="PermanentFailureException">MIG0111: the container holds something and is not this run's.</exception>
public sealed class EnsureTargetContainer(BlobStores stores, ILogger<EnsureTargetContainer> logger)
{
    [Function(nameof(EnsureTargetContainer))]
    public async Task RunAsync([ActivityTrigger] TargetContainerInput input, CancellationToken cancellationToken)
    {
        var target = stores.Container(input.Data.Target);
        await BlobErrors.ExplainAsync(input.Data.Target, async () =>
        {
            if (await TryCreateAsync(target, input.RunId, cancellationToken)) logger.TargetCreated(input.RunId, input.Data.Name);
            else await AdoptAsync(target, input.RunId, cancellationToken);
            return true;
        });
    }

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
}
