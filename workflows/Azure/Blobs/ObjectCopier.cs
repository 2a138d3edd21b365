using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Orchestrator.Workflows.Azure.Blobs;

internal enum CopyOutcome
{
    Copied,

    /// <summary>Source or target is no longer what the listing showed; nothing was written.</summary>
    Overtaken,

    /// <summary>Out of time within a large object; what has been staged at the target is found there by the next try.</summary>
    Unfinished,
}

/// <param name="ETag">The copy's, where <see cref="CopyOutcome.Copied"/>.</param>
/// <param name="Sha256">Of the content, hex; null for objects copied in blocks.</param>
internal readonly record struct CopyResult(CopyOutcome Outcome, ETag ETag = default, string? Sha256 = null);

/// <summary>
/// Copies single objects through this process, at most <see cref="Parallelism"/> pieces of <see cref="PieceBytes"/> in memory at a time.
/// The source is read only as the listing showed it, the target written only where it still is what the listing showed.
/// </summary>
internal sealed class ObjectCopier(BlobContainerClient from, BlobContainerClient to, bool markReversed = false) : IDisposable
{
    public const int Parallelism = 16;
    public const int PieceBytes = 4 * 1024 * 1024;
    private const int MaxBlocks = 50_000;

    private readonly SemaphoreSlim _pieces = new(Parallelism);

    public void Dispose() => _pieces.Dispose();

    /// <param name="source">The object as its listing showed it.</param>
    /// <param name="targetName">Its name in the target container.</param>
    /// <param name="target">What the target's listing showed under that name; null where it showed nothing.</param>
    /// <param name="outOfTime">Asked before each piece of a large object.</param>
    public async Task<CopyResult> CopyAsync(
        ListedObject source, string targetName, ETag? target, Func<bool> outOfTime, CancellationToken cancellationToken)
    {
        var conditions = target is { } etag ? new BlobRequestConditions { IfMatch = etag } : new BlobRequestConditions { IfNoneMatch = ETag.All };
        try
        {
            return source.Size <= PieceBytes
                ? await CopyWholeAsync(source, to.GetBlockBlobClient(targetName), conditions, cancellationToken)
                : await CopyInBlocksAsync(source, to.GetBlockBlobClient(targetName), conditions, outOfTime, cancellationToken);
        }
        catch (RequestFailedException error) when (BlobErrors.IsOvertaken(error))
        {
            return new CopyResult(CopyOutcome.Overtaken);
        }
        catch (RequestFailedException error) when (BlobErrors.IsPermanent(error))
        {
            throw BlobErrors.Permanent(error, $"{from.Uri} or {to.Uri}, object '{source.Name}'");
        }
    }

    private Task<CopyResult> CopyWholeAsync(
        ListedObject source, BlockBlobClient target, BlobRequestConditions conditions, CancellationToken cancellationToken) =>
        WithPieceAsync(source, offset: 0, source.Size, async piece =>
        {
            using var content = new MemoryStream(piece.Array!, piece.Offset, piece.Count, writable: false);
            var options = new BlobUploadOptions
            {
                HttpHeaders = source.Headers.ToHttp(source.Md5),
                Metadata = MetadataOf(source),
                Conditions = conditions,
                AccessTier = TierOf(source),
                TransferOptions = new() { InitialTransferSize = PieceBytes, MaximumTransferSize = PieceBytes, MaximumConcurrency = 1 },
            };
            var response = await target.UploadAsync(content, options, cancellationToken);
            return new CopyResult(CopyOutcome.Copied, response.Value.ETag, Convert.ToHexStringLower(SHA256.HashData(piece)));
        }, cancellationToken);

    private async Task<CopyResult> CopyInBlocksAsync(
        ListedObject source, BlockBlobClient target, BlobRequestConditions conditions, Func<bool> outOfTime, CancellationToken cancellationToken)
    {
        var blockBytes = Math.Max(PieceBytes, (source.Size + MaxBlocks - 1) / MaxBlocks);
        var ids = Enumerable.Range(0, (int)((source.Size + blockBytes - 1) / blockBytes)).Select(index => BlockId(source, index)).ToList();
        var staged = await StagedAsync(target, cancellationToken);
        var unfinished = false;

        await Parallel.ForEachAsync(
            ids.Index().Where(block => !staged.Contains(block.Item)),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (block, token) =>
            {
                if (unfinished || outOfTime())
                {
                    unfinished = true;
                    return;
                }

                var offset = block.Index * blockBytes;
                await WithPieceAsync(source, offset, Math.Min(blockBytes, source.Size - offset), async piece =>
                {
                    using var content = new MemoryStream(piece.Array!, piece.Offset, piece.Count, writable: false);
                    return await target.StageBlockAsync(block.Item, content, options: null, token);
                }, token);
            });
        if (unfinished) return new CopyResult(CopyOutcome.Unfinished);

        var options = new CommitBlockListOptions
        {
            HttpHeaders = source.Headers.ToHttp(source.Md5),
            Metadata = MetadataOf(source),
            Conditions = conditions,
            AccessTier = TierOf(source),
        };
        var response = await target.CommitBlockListAsync(ids, options, cancellationToken);
        return new CopyResult(CopyOutcome.Copied, response.Value.ETag);
    }

    private static AccessTier? TierOf(ListedObject source) => source.Tier is { } tier ? new AccessTier(tier) : default(AccessTier?);

    private Dictionary<string, string> MetadataOf(ListedObject source)
    {
        var metadata = new Dictionary<string, string>(source.Metadata, StringComparer.OrdinalIgnoreCase);
        if (markReversed) metadata[ListedObject.ReverseMark] = "1";
        return metadata;
    }

    /// <summary>Named after the source's version and the place in it: staged twice is the same block, and blocks of two versions never mix.</summary>
    private static string BlockId(ListedObject source, int index)
    {
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source.ETag}|{source.Size}")).AsSpan(0, 16));
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

    private async Task<T> WithPieceAsync<T>(
        ListedObject source, long offset, long bytes, Func<ArraySegment<byte>, Task<T>> use, CancellationToken cancellationToken)
    {
        await _pieces.WaitAsync(cancellationToken);
        var length = (int)bytes;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await ReadAsync(source, offset, buffer.AsMemory(0, length), cancellationToken);
            return await use(new ArraySegment<byte>(buffer, 0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _pieces.Release();
        }
    }

    private async Task ReadAsync(ListedObject source, long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        // An empty object has no range to ask for.
        var range = into.Length == source.Size ? default : new HttpRange(offset, into.Length);
        var options = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = source.ETag }, Range = range };
        var download = await from.GetBlobBaseClient(source.Name).DownloadStreamingAsync(options, cancellationToken);
        await using var content = download.Value.Content;
        await content.ReadExactlyAsync(into, cancellationToken);
    }
}
