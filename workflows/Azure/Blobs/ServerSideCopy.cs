using System.Diagnostics;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>
/// Copies that the stores make between themselves, nothing passing through this process. An object of up to one piece is one request (Copy Blob From URL),
/// within an account up to 256 MiB, the most that it takes; a larger one is staged block by block (Put Block From URL).
/// </summary>
/// <param name="sameAccount">Then a copy moves no bytes at all.</param>
internal sealed class ServerSideCopy(CopySource source, CopyRoutes routes, bool sameAccount)
{
    /// <summary>Bounded so that one request ends in time however slow the stores are, and a copy cut short loses little.</summary>
    public const int BlockBytes = 32 << 20;

    private const long MaxWhole = 256L << 20;

    public bool TakesBlocks => routes.TakesBlocks;

    public bool TakesWhole(ListedObject item) => item.Size <= (sameAccount ? MaxWhole : PieceReader.PieceBytes) && routes.TakesWhole(item.Size);

    /// <summary>Null where the store cannot copy from this source.</summary>
    public async Task<CopyResult?> TryWholeAsync(
        ListedObject item, BlockBlobClient target, BlobRequestConditions conditions, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var options = new BlobCopyFromUriOptions
        {
            SourceConditions = new BlobRequestConditions { IfMatch = item.ETag },
            DestinationConditions = conditions,
            SourceAuthentication = source.Authorization,
            Metadata = BlockBlobCopy.MetadataOf(item),
            Tags = BlockBlobCopy.TagsOf(item),
            AccessTier = BlockBlobCopy.TierOf(item),
        };
        try
        {
            // The answer's ETag is the copy's; its value type has none.
            var response = await target.SyncCopyFromUriAsync(source.Of(item.Name), options, cancellationToken);
            routes.Worked(ServerCall.Whole);
            routes.Took(byServer: true, item.Size, Stopwatch.GetElapsedTime(started));
            return CopyResult.Copied(response.GetRawResponse().Headers.ETag!.Value);
        }
        catch (RequestFailedException answer) when (routes.Refuses(ServerCall.Whole, answer))
        {
            return null;
        }
    }

    /// <summary>False where the store cannot copy from this source.</summary>
    public async Task<bool> TryStageAsync(ListedObject item, BlockBlobClient target, string blockId, HttpRange range, CancellationToken cancellationToken)
    {
        var options = new StageBlockFromUriOptions
        {
            SourceRange = range,
            SourceConditions = new RequestConditions { IfMatch = item.ETag },
            SourceAuthentication = source.Authorization,
        };
        try
        {
            await target.StageBlockFromUriAsync(source.Of(item.Name), blockId, options, cancellationToken);
            routes.Worked(ServerCall.Block);
            return true;
        }
        catch (RequestFailedException answer) when (routes.Refuses(ServerCall.Block, answer))
        {
            return false;
        }
    }

    public void Streamed(ListedObject item, TimeSpan elapsed) => routes.Took(byServer: false, item.Size, elapsed);
}
