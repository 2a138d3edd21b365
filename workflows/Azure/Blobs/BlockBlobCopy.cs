using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>Block blobs: small ones in one request, large ones block by block, by the stores themselves or through this process.</summary>
internal sealed class BlockBlobCopy(PieceReader reader, BlobContainerClient to, ServerSideCopy? server)
{
    private const int MaxBlocks = 50_000;

    public async Task<CopyResult> CopyAsync(
        ListedObject source, string targetName, BlobRequestConditions conditions, Func<bool> outOfTime, CancellationToken cancellationToken)
    {
        var target = to.GetBlockBlobClient(targetName);
        var whole = source.Size <= PieceReader.PieceBytes || server?.TakesWhole(source) == true;
        if (whole && !await reader.MayMoveAsync(source.Size, outOfTime, cancellationToken)) return CopyResult.Unfinished;
        if (server?.TakesWhole(source) == true
            && await reader.InGateAsync(() => server.TryWholeAsync(source, target, conditions, cancellationToken), cancellationToken) is { } copied)
        {
            reader.Moved(source.Size);
            return copied;
        }

        return source.Size <= PieceReader.PieceBytes
            ? await CopyWholeAsync(source, target, conditions, cancellationToken)
            : await CopyInBlocksAsync(source, target, conditions, server?.TakesBlocks == true, outOfTime, cancellationToken);
    }

    private Task<CopyResult> CopyWholeAsync(
        ListedObject source, BlockBlobClient target, BlobRequestConditions conditions, CancellationToken cancellationToken) =>
        reader.WithPieceAsync(source, offset: 0, source.Size, async piece =>
        {
            using var content = new MemoryStream(piece.Array!, piece.Offset, piece.Count, writable: false);
            var options = new BlobUploadOptions
            {
                HttpHeaders = source.Headers.ToHttp(source.Md5),
                Metadata = MetadataOf(source),
                Tags = TagsOf(source),
                Conditions = conditions,
                AccessTier = TierOf(source),
                TransferOptions = new() { InitialTransferSize = PieceReader.PieceBytes, MaximumTransferSize = PieceReader.PieceBytes, MaximumConcurrency = 1 },
            };
            var response = await target.UploadAsync(content, options, cancellationToken);
            return CopyResult.Copied(response.Value.ETag, Convert.ToHexStringLower(SHA256.HashData(piece)));
        }, cancellationToken, elapsed => server?.Streamed(source, elapsed));

    private async Task<CopyResult> CopyInBlocksAsync(
        ListedObject source,
        BlockBlobClient target,
        BlobRequestConditions conditions,
        bool byServer,
        Func<bool> outOfTime,
        CancellationToken cancellationToken)
    {
        var size = Math.Max(byServer ? ServerSideCopy.BlockBytes : PieceReader.PieceBytes, (source.Size + MaxBlocks - 1) / MaxBlocks);
        var ids = Enumerable.Range(0, (int)((source.Size + size - 1) / size)).Select(index => BlockId(source, size, index)).ToList();
        var staged = await StagedAsync(target, cancellationToken);
        var (unfinished, refused) = (false, false);

        await Parallel.ForEachAsync(
            ids.Index().Where(block => !staged.Contains(block.Item)),
            new ParallelOptions { MaxDegreeOfParallelism = ObjectCopier.Parallelism, CancellationToken = cancellationToken },
            async (block, token) =>
            {
                var range = new HttpRange(block.Index * size, Math.Min(size, source.Size - (block.Index * size)));
                if (refused || unfinished || outOfTime() || !await reader.MayMoveAsync(range.Length!.Value, outOfTime, token))
                {
                    unfinished = true;
                    return;
                }

                if (!byServer) await StageAsync(source, target, block.Item, range, token);
                else if (!await reader.InGateAsync(() => server!.TryStageAsync(source, target, block.Item, range, token), token)) refused = true;
                else reader.Moved(range.Length!.Value);
            });
        if (refused) return await CopyInBlocksAsync(source, target, conditions, byServer: false, outOfTime, cancellationToken);
        if (unfinished) return CopyResult.Unfinished;

        var options = new CommitBlockListOptions
        {
            HttpHeaders = source.Headers.ToHttp(source.Md5),
            Metadata = MetadataOf(source),
            Tags = TagsOf(source),
            Conditions = conditions,
            AccessTier = TierOf(source),
        };
        return CopyResult.Copied((await target.CommitBlockListAsync(ids, options, cancellationToken)).Value.ETag);
    }

    private Task<bool> StageAsync(ListedObject source, BlockBlobClient target, string id, HttpRange range, CancellationToken cancellationToken) =>
        reader.WithPieceAsync(source, range.Offset, range.Length!.Value, async piece =>
        {
            using var content = new MemoryStream(piece.Array!, piece.Offset, piece.Count, writable: false);
            await target.StageBlockAsync(id, content, options: null, cancellationToken);
            return true;
        }, cancellationToken);

    internal static AccessTier? TierOf(ListedObject source) => source.Tier is { } tier ? new AccessTier(tier) : default(AccessTier?);

    internal static Dictionary<string, string> MetadataOf(ListedObject source) => new(source.Metadata, StringComparer.OrdinalIgnoreCase);

    internal static Dictionary<string, string>? TagsOf(ListedObject source) =>
        source.Tags is { Count: > 0 } tags ? new Dictionary<string, string>(tags, StringComparer.Ordinal) : null;

    /// <summary>Named after the source's version and the place in it: staged twice is the same block, and blocks of two versions never mix.</summary>
    private static string BlockId(ListedObject source, long blockBytes, int index)
    {
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source.Version}|{source.Size}|{blockBytes}")).AsSpan(0, 16));
        return Convert.ToBase64String(Encoding.ASCII.GetBytes($"{version}{index:D16}"));
    }

    private static async Task<HashSet<string>> StagedAsync(BlockBlobClient target, CancellationToken cancellationToken)
    {
        try
        {
            var list = await target.GetBlockListAsync(BlockListTypes.Uncommitted, snapshot: null, conditions: null, cancellationToken);
            return [.. list.Value.UncommittedBlocks.Select(block => block.Name)];
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return [];
        }
    }
}
