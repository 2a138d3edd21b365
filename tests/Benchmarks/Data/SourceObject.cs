namespace Orchestrator.Benchmarks.Data;

/// <summary>An object of a source.</summary>
internal sealed record SourceObject(string Name, long Bytes)
{
    public static List<SourceObject> Equal(int count, long bytes) => [.. Enumerable.Range(0, count).Select(number => new SourceObject(NameOf(number), bytes))];

    /// <summary>One in fifty is empty; the sizes of the others are even on a logarithmic scale, and the same in each run.</summary>
    public static List<SourceObject> Mixed(int count, long most)
    {
        var random = new Random(20_26);
        return [.. Enumerable.Range(0, count).Select(number =>
            new SourceObject(NameOf(number), number % 50 == 0 ? 0 : (long)Math.Pow(most, random.NextDouble())))];
    }

    private static string NameOf(int number) => $"orders/{number / 1000:D3}/order-{number:D7}.bin";
}
