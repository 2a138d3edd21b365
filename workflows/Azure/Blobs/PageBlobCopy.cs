using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>Page blobs: the pages that hold something, a piece after the other through this process. Each write names the version that it goes on from.</summary>
internal sealed class PageBlobCopy(PieceReader reader, BlobContainerClient from, BlobContainerClient to)
{
    public async Task<CopyResult> CopyAsync(
        ListedObject source, string targetName, BlobRequestConditions conditions, Func<bool> outOfTime, CancellationToken cancellationToken)
    {
        var target = to.GetPageBlobClient(targetName);
        var there = await ListedObject.FindAsync(to, targetName, cancellationToken);
        var good = PartialCopy.OffsetOf(there, source);
        var etag = good is not null ? there!.ETag : (await target.CreateAsync(source.Size, Options(source, conditions), cancellationToken)).Value.ETag;

        await foreach (var (offset, bytes) in PiecesAsync(source, cancellationToken))
        {
            if (offset < good) continue;
            if (outOfTime() || !await reader.MayMoveAsync(bytes, outOfTime, cancellationToken)) return await PartialCopy.LeaveAsync(target, source, offset, etag, cancellationToken);
            var at = new PageBlobRequestConditions { IfMatch = etag };
            etag = await reader.WithPieceAsync(source, offset, bytes, async piece =>
            {
                using var content = new MemoryStream(piece.Array!, piece.Offset, piece.Count, writable: false);
                return (await target.UploadPagesAsync(content, offset, new PageBlobUploadPagesOptions { Conditions = at }, cancellationToken)).Value.ETag;
            }, cancellationToken);
        }

        return await PartialCopy.FinishAsync(target, source, etag, cancellationToken);
    }

    private async IAsyncEnumerable<(long Offset, long Bytes)> PiecesAsync(
        ListedObject source, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new GetPageRangesOptions { Conditions = new PageBlobRequestConditions { IfMatch = source.ETag } };
        await foreach (var page in from.GetPageBlobClient(source.Name).GetAllPageRangesAsync(options, cancellationToken))
        {
            if (page.IsClear) continue;
            var end = page.Range.Offset + page.Range.Length!.Value;
            for (var offset = page.Range.Offset; offset < end; offset += PieceReader.PieceBytes)
                yield return (offset, Math.Min(PieceReader.PieceBytes, end - offset));
        }
    }

    private static PageBlobCreateOptions Options(ListedObject source, BlobRequestConditions conditions) => new()
    {
        HttpHeaders = source.Headers.ToHttp(md5: null),
        Metadata = PartialCopy.Mark(source, offset: 0),
        Tags = BlockBlobCopy.TagsOf(source),
        Conditions = new PageBlobRequestConditions { IfMatch = conditions.IfMatch, IfNoneMatch = conditions.IfNoneMatch },
    };
}
