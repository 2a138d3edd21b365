using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>Reads and writes the documents of snapshots. What is once written stays as it is.</summary>
internal sealed class SnapshotStore(BlobContainerClient container)
{
    public BlobContainerClient Container => container;

    /// <summary>The document, or null where there is none.</summary>
    public async Task<T?> ReadAsync<T>(string name, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var content = await container.GetBlobClient(name).DownloadContentAsync(cancellationToken);
            return content.Value.Content.ToObjectFromJson<T>(SnapshotJson.Options);
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    /// <summary>Writes the document unless there is one already, and returns the one that is there.</summary>
    /// <param name="policy">Given to the document where it is written.</param>
    public async Task<T> CreateOrGetAsync<T>(string name, T document, CancellationToken cancellationToken, BlobImmutabilityPolicy? policy = null)
        where T : class
    {
        var content = BinaryData.FromObjectAsJson(document, SnapshotJson.Options);
        return await TryCreateAsync(name, content, "application/json", cancellationToken, policy)
            ? document
            : await ReadAsync<T>(name, cancellationToken) ?? throw new InvalidOperationException($"'{name}' was there and is gone");
    }

    public async Task<bool> TryCreateAsync(
        string name, BinaryData content, string contentType, CancellationToken cancellationToken, BlobImmutabilityPolicy? policy = null)
    {
        try
        {
            var options = new BlobUploadOptions
            {
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                HttpHeaders = new BlobHttpHeaders { ContentType = contentType },
                ImmutabilityPolicy = policy,
            };
            await container.GetBlobClient(name).UploadAsync(content, options, cancellationToken);
            return true;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobAlreadyExists || error.ErrorCode == "BlobImmutableDueToPolicy")
        {
            return false;
        }
    }

    /// <summary>A stretch of a blob, or all of it.</summary>
    public async Task<byte[]?> ReadBytesAsync(string name, HttpRange range, CancellationToken cancellationToken)
    {
        try
        {
            var content = await container.GetBlobClient(name).DownloadContentAsync(new BlobDownloadOptions { Range = range }, cancellationToken);
            return content.Value.Content.ToArray();
        }
        catch (RequestFailedException error) when (error.Status == 416 || error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }
}
