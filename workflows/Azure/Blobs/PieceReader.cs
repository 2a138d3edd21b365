using System.Buffers;
using System.Diagnostics;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>Reads pieces of a container's objects, as the listing showed them and no other, as many at a time as the gate lets through.</summary>
/// <param name="moved">Told the bytes of each piece that has been dealt with.</param>
/// <param name="pace">Kept to by those who ask before they move anything.</param>
internal sealed class PieceReader(BlobContainerClient from, AdaptiveGate gate, Action<long>? moved = null, CopyPace? pace = null)
{
    /// <summary>The largest piece in memory.</summary>
    public const int PieceBytes = 4 * 1024 * 1024;

    /// <summary>Reads a piece and hands it on; its memory is taken back afterwards.</summary>
    /// <param name="took">Told how long reading and using took, the wait at the gate not counted.</param>
    public async Task<T> WithPieceAsync<T>(
        ListedObject source,
        long offset,
        long bytes,
        Func<ArraySegment<byte>, Task<T>> use,
        CancellationToken cancellationToken,
        Action<TimeSpan>? took = null)
    {
        var length = (int)bytes;
        return await InGateAsync(async () =>
        {
            var started = Stopwatch.GetTimestamp();
            var buffer = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                await ReadAsync(source, offset, buffer.AsMemory(0, length), cancellationToken);
                var result = await use(new ArraySegment<byte>(buffer, 0, length));
                moved?.Invoke(length);
                took?.Invoke(Stopwatch.GetElapsedTime(started));
                return result;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }, cancellationToken);
    }

    /// <summary>Waits until so many bytes may be moved; false where time ran out before.</summary>
    public ValueTask<bool> MayMoveAsync(long bytes, Func<bool> outOfTime, CancellationToken cancellationToken) =>
        pace is null ? ValueTask.FromResult(true) : pace.TakeAsync(objects: 0, bytes, outOfTime, cancellationToken);

    /// <summary>Tells of bytes that the stores moved by themselves.</summary>
    public void Moved(long bytes) => moved?.Invoke(bytes);

    public async Task<T> InGateAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await gate.EnterAsync(cancellationToken);
        var wentWell = false;
        try
        {
            var result = await work();
            wentWell = true;
            return result;
        }
        finally
        {
            gate.Leave(wentWell);
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
