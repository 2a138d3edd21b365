using System.Buffers;

namespace Orchestrator.Benchmarks.Data.Bare;

/// <summary>The ceiling: the reads and writes of a copy, the product's pieces at the product's concurrency, and no question asked.</summary>
internal static class BareCopy
{
    public const int Parallelism = 16;
    public const int PieceBytes = 4 << 20;

    public static async Task RunAsync(BareClient client, string from, string to, IEnumerable<SourceObject> objects) =>
        await Parallel.ForEachAsync(
            objects.SelectMany(Pieces),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism },
            async (piece, cancellationToken) => await CopyAsync(client, from, to, piece, cancellationToken));

    private static IEnumerable<Piece> Pieces(SourceObject source)
    {
        var whole = new Whole(source, (int)Math.Max(1, (source.Bytes + PieceBytes - 1) / PieceBytes));
        return Enumerable.Range(0, whole.Count).Select(index => new Piece(whole, index));
    }

    private static async Task CopyAsync(BareClient client, string from, string to, Piece piece, CancellationToken cancellationToken)
    {
        var (whole, index) = (piece.Whole, piece.Index);
        var (source, offset) = (whole.Object, (long)index * PieceBytes);
        var (read, write) = ($"{from}/{source.Name}", $"{to}/{source.Name}");
        var length = (int)Math.Min(PieceBytes, source.Bytes - offset);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await client.GetAsync(read, offset, buffer.AsMemory(0, length), cancellationToken);
            if (whole.Count == 1)
            {
                await client.PutAsync(write, buffer.AsMemory(0, length));
                return;
            }

            await client.PutBlockAsync(write, index, buffer.AsMemory(0, length));
            if (whole.IsLast()) await client.PutBlockListAsync(write, Enumerable.Range(0, whole.Count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed record Piece(Whole Whole, int Index);

    private sealed class Whole(SourceObject source, int count)
    {
        private int _left = count;

        public SourceObject Object => source;

        public int Count { get; } = count;

        /// <summary>Counts a piece as written; true for the one after which there is no other.</summary>
        public bool IsLast() => Interlocked.Decrement(ref _left) == 0;
    }
}
