using System.Buffers;
using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>What an object's content was found to be when it was read.</summary>
/// <param name="BeliesMd5">
/// The MD5 that the store has for the object is not that of its content. Stores keep what a client says: a block list is committed with an MD5 that
/// nobody checks, and properties can be set to any.
/// </param>
internal sealed record ObjectContent(byte[] Sha256, bool BeliesMd5)
{
    private const int BufferBytes = 81_920;

    public bool IsSameAs(ObjectContent other) => Sha256.AsSpan().SequenceEqual(other.Sha256);

    /// <summary>Reads the object as its listing showed it, in constant memory.</summary>
    public static async Task<ObjectContent> ReadAsync(BlobContainerClient container, ListedObject item, CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = item.ETag } };
        var download = await container.GetBlobBaseClient(item.Name).DownloadStreamingAsync(options, cancellationToken);
        await using var content = download.Value.Content;
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var md5 = item.Md5 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                sha256.AppendData(buffer, 0, read);
                md5?.AppendData(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return new ObjectContent(sha256.GetHashAndReset(), md5 is not null && Convert.ToBase64String(md5.GetHashAndReset()) != item.Md5);
    }
}
