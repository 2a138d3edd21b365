namespace Orchestrator.Benchmarks.Data;

/// <summary>How much of everything.</summary>
internal sealed record DataSizes
{
    public static DataSizes Full { get; } = new();

    public static DataSizes Quick { get; } = new()
    {
        IsQuick = true, Rounds = 1, Small = 1_000, Large = 2, LargeBytes = 64L << 20, Mixed = 200, HugeBytes = 512L << 20, Names = 40_000,
    };

    public bool IsQuick { get; private init; }

    public int Rounds { get; init; } = 3;

    public int Small { get; private init; } = 10_000;

    public long SmallBytes { get; } = 4 << 10;

    public int Large { get; private init; } = 8;

    public long LargeBytes { get; private init; } = 256L << 20;

    public int Mixed { get; private init; } = 2_000;

    public long MixedMostBytes { get; } = 8L << 20;

    public int Changed { get; } = 10;

    public long HugeBytes { get; private init; } = 4L << 30;

    public int Names { get; private init; } = 200_000;
}
