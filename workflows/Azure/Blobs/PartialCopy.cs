using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>
/// A copy that cannot appear at once, because its kind is written piece by piece: while it is not whole its metadata name the version that it is to become
/// and how far it is, so that nobody takes it for one and the next try goes on there. The last write gives it the source's metadata.
/// </summary>
internal static class PartialCopy
{
    /// <summary>The metadata of a copy of <paramref name="source"/> that is good up to <paramref name="offset"/>.</summary>
    public static Dictionary<string, string> Mark(ListedObject source, long offset)
    {
        var metadata = BlockBlobCopy.MetadataOf(source);
        // ETags have quotes, which metadata need not bear.
        metadata[ListedObject.PartialMark] = $"{source.Version.Trim('"')} {offset.ToString(CultureInfo.InvariantCulture)}";
        return metadata;
    }

    /// <summary>How far a copy of <paramref name="source"/> is; null where <paramref name="target"/> is no such copy.</summary>
    public static long? OffsetOf(ListedObject? target, ListedObject source) =>
        target?.Partial?.Split(' ') is [var version, var offset] && version == source.Version.Trim('"') && target.Kind == source.Kind
            ? long.Parse(offset, CultureInfo.InvariantCulture)
            : null;

    /// <summary>Makes it whole: what the source has and no mark.</summary>
    public static async Task<CopyResult> FinishAsync(BlobBaseClient target, ListedObject source, ETag etag, CancellationToken cancellationToken)
    {
        if (source.Md5 is not null)
        {
            var headers = await target.SetHttpHeadersAsync(
                source.Headers.ToHttp(source.Md5), new BlobRequestConditions { IfMatch = etag }, cancellationToken);
            etag = headers.Value.ETag;
        }

        var whole = await target.SetMetadataAsync(BlockBlobCopy.MetadataOf(source), new BlobRequestConditions { IfMatch = etag }, cancellationToken);
        return CopyResult.Copied(whole.Value.ETag);
    }

    /// <summary>Keeps how far it is for the next try.</summary>
    public static async Task<CopyResult> LeaveAsync(
        BlobBaseClient target, ListedObject source, long offset, ETag etag, CancellationToken cancellationToken)
    {
        await target.SetMetadataAsync(Mark(source, offset), new BlobRequestConditions { IfMatch = etag }, cancellationToken);
        return CopyResult.Unfinished;
    }
}
