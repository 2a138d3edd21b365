using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>Append blobs, a piece after the other through this process. Each append names the version and the length that it goes on from.</summary>
internal sealed class AppendBlobCopy(PieceReader reader, BlobContainerClient to)
{
    public async Task<CopyResult> CopyAsync(
        ListedObject source, string targetName, BlobRequestConditions conditions, Func<bool> outOfTime, CancellationToken cancellationToken)
    {
        var target = to.GetAppendBlobClient(targetName);
        var there = await ListedObject.FindAsync(to, targetName, cancellationToken);
        var (etag, offset) = PartialCopy.OffsetOf(there, source) is not null
            ? (there!.ETag, there.Size)
            : ((await target.CreateAsync(Options(source, conditions), cancellationToken)).Value.ETag, 0L);

        while (offset < source.Size)
        {
            var bytes = Math.Min(PieceReader.PieceBytes, source.Size - offset);
            if (outOfTime() || !await reader.MayMoveAsync(bytes, outOfTime, cancellationToken)) return CopyResult.Unfinished;
            var at = new AppendBlobRequestConditions { IfMatch = etag, IfAppendPositionEqual = offset };
            etag = await reader.WithPieceAsync(source, offset, bytes, async piece =>
            {
                using var content = new MemoryStream(piece.Array!, piece.Offset, piece.Count, writable: false);
                return (await target.AppendBlockAsync(content, new AppendBlobAppendBlockOptions { Conditions = at }, cancellationToken)).Value.ETag;
            }, cancellationToken);
            offset += bytes;
        }

        return await PartialCopy.FinishAsync(target, source, etag, cancellationToken);
    }

    private static AppendBlobCreateOptions Options(ListedObject source, BlobRequestConditions conditions) => new()
    {
        HttpHeaders = source.Headers.ToHttp(md5: null),
        Metadata = PartialCopy.Mark(source, offset: 0),
        Tags = BlockBlobCopy.TagsOf(source),
        Conditions = new AppendBlobRequestConditions { IfMatch = conditions.IfMatch, IfNoneMatch = conditions.IfNoneMatch },
    };
}
