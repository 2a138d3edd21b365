using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>
/// Tries the way back before it is needed, without touching an object of the source: an object of the target is copied into a scratch container beside
/// the source, read back, compared and removed; and the source container is asked for a write whose condition cannot hold, which only one who may
/// write is told.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0100: the source may not be written; MIG0113: what came back differs.</exception>
internal sealed class BlobWayBack(BlobStores stores, ILogger<BlobWayBack> logger)
{
    private const string ProbeName = "orchestrator-reverse-probe";

    public async Task<TryReverseResult> TryAsync(string runId, DataSet data, CancellationToken cancellationToken)
    {
        var scratch = stores.Beside(data.Source, ScratchName.For(runId, "reverse", data.Name));
        var result = await BlobErrors.ExplainAsync(data.Source, async () =>
        {
            await DemandWritableAsync(stores.Container(data.Source), cancellationToken);
            await scratch.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            try
            {
                return await MakeTripAsync(stores.Container(data.Target), scratch, cancellationToken);
            }
            finally
            {
                await scratch.DeleteIfExistsAsync(conditions: null, CancellationToken.None);
            }
        });
        logger.ReverseTried(runId, data.Name, result.Bytes);
        return result;
    }

    private static async Task DemandWritableAsync(BlobContainerClient source, CancellationToken cancellationToken)
    {
        try
        {
            using var nothing = new MemoryStream();
            await source.GetBlockBlobClient(ProbeName).UploadAsync(
                nothing, new BlobUploadOptions { Conditions = new BlobRequestConditions { IfMatch = new ETag("\"0x0\"") } }, cancellationToken);
        }
        catch (RequestFailedException error) when (error.Status == 412)
        {
            // Authorised, and refused for the condition: nothing was written.
        }
    }

    private static async Task<TryReverseResult> MakeTripAsync(BlobContainerClient target, BlobContainerClient scratch, CancellationToken cancellationToken)
    {
        await foreach (var (item, _) in new ContainerListing(target).ReadAsync(pageToken: null, after: null, cancellationToken))
        {
            if (item.Obstacle is not null || item.Kind != BlobType.Block || item.Size > ObjectCopier.PieceBytes) continue;
            // What an earlier try that broke off left there would pass for a copy.
            await scratch.GetBlobClient(item.Name).DeleteIfExistsAsync(cancellationToken: cancellationToken);
            var copier = new ObjectCopier(target, scratch);
            var copy = await copier.CopyAsync(item, item.Name, target: null, outOfTime: static () => false, cancellationToken);
            if (copy.Outcome != CopyOutcome.Copied) continue;
            await DemandSameAsync(scratch, item.Name, copy.Sha256!, cancellationToken);
            return new TryReverseResult(item.Name, item.Size);
        }

        var probe = Encoding.UTF8.GetBytes(ProbeName);
        using var content = new MemoryStream(probe);
        await scratch.GetBlockBlobClient(ProbeName).UploadAsync(content, new BlobUploadOptions(), cancellationToken);
        await DemandSameAsync(scratch, ProbeName, Convert.ToHexStringLower(SHA256.HashData(probe)), cancellationToken);
        return new TryReverseResult(Object: null, probe.Length);
    }

    private static async Task DemandSameAsync(BlobContainerClient scratch, string name, string sha256, CancellationToken cancellationToken)
    {
        var read = (await scratch.GetBlobClient(name).DownloadContentAsync(cancellationToken)).Value.Content.ToMemory();
        if (Convert.ToHexStringLower(SHA256.HashData(read.Span)) != sha256)
            throw new PermanentFailureException(SyncCodes.ReverseDiffers, $"'{name}' came back from {scratch.Uri} otherwise than it was sent");
    }
}
