using System.Collections.Concurrent;
using System.Security.Cryptography;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Orchestrator.Local.Demo.Setup;

internal static class MediaUpload
{
    private const int Parallel = 16;

    /// <summary>One request each, so that the service stores the MD5; every tenth carries metadata.</summary>
    public static async Task<IReadOnlyList<StoredMedia>> RunAsync(
        BlobContainerClient container, IReadOnlyList<MediaFile> files, CancellationToken cancellationToken)
    {
        await container.CreateAsync(cancellationToken: cancellationToken);
        var stored = new ConcurrentBag<StoredMedia>();
        await System.Threading.Tasks.Parallel.ForEachAsync(
            files.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                var content = item.Item.Read();
                await container.GetBlobClient(item.Item.Name).UploadAsync(BinaryData.FromBytes(content), new BlobUploadOptions
                {
                    HttpHeaders = new BlobHttpHeaders { ContentType = item.Item.ContentType },
                    Metadata = item.Index % 10 == 0 ? new Dictionary<string, string> { ["origin"] = $"npm{item.Index}" } : null,
                    TransferOptions = new StorageTransferOptions { InitialTransferSize = 64 << 20 },
                }, token);
                stored.Add(new StoredMedia(item.Item.Name, content.Length, MD5.HashData(content), item.Item.ContentType));
            });
        return [.. stored.OrderBy(media => media.Name, StringComparer.Ordinal)];
    }
}
