namespace Orchestrator.Benchmarks.Data;

/// <summary>The JSON line of <c>sync</c>, <c>verify</c> and <c>snapshot</c>; absent what was not asked for. Each figure is the median of its rounds.</summary>
internal sealed record DataFigures
{
    public static readonly IReadOnlyCollection<string> OfSync =
        [nameof(Small), nameof(Large), nameof(Mixed), nameof(Delta), nameof(Verify), nameof(Memory)];

    public static readonly IReadOnlyCollection<string> OfVerify = [nameof(Verify)];

    public static readonly IReadOnlyCollection<string> OfSnapshot = [nameof(Snapshot), nameof(Incremental)];

    /// <summary>Objects of 4 KB.</summary>
    public Throughput? Small { get; set; }

    /// <summary>Objects of 256 MB.</summary>
    public Throughput? Large { get; set; }

    /// <summary>Objects from nothing to 8 MB, most of them small.</summary>
    public Throughput? Mixed { get; set; }

    public DeltaFigure? Delta { get; set; }

    public VerifyFigure? Verify { get; set; }

    /// <summary>The small objects, their manifest included.</summary>
    public Throughput? Snapshot { get; set; }

    public IncrementFigure? Incremental { get; set; }

    /// <summary>The larger of the peaks in <see cref="Memory"/>.</summary>
    public double? MemoryMb => Memory is { } memory ? Math.Max(memory.LargeObjectMb, memory.ManyNamesMb) : null;

    public MemoryFigure? Memory { get; set; }

    public bool Quick { get; init; }

    public int Rounds { get; init; }

    public int Processors { get; } = Environment.ProcessorCount;
}

/// <param name="Ceiling">What a bare client reached with the same reads and writes, in objects or megabytes as the figure.</param>
/// <param name="Ratio">The median of the rounds' ratios, each of a product's round to the ceiling's round beside it.</param>
internal sealed record Throughput(double? ObjectsPerSecond, double? MbPerSecond, double Ceiling, double Ratio);

/// <param name="Seconds">A pass that finds and copies <paramref name="Changed"/> changed objects.</param>
/// <param name="UnchangedSeconds">A pass that finds nothing to copy.</param>
/// <param name="ListingSeconds">A bare client reads both listings, side by side, and throws them away.</param>
/// <param name="Ratio">The pass with changes to the listing.</param>
internal sealed record DeltaFigure(int Objects, int Changed, double Seconds, double UnchangedSeconds, double ListingSeconds, double Ratio, double UnchangedRatio);

/// <param name="Seconds">A snapshot, its manifest included, of which <paramref name="Changed"/> objects are not in the newest one.</param>
/// <param name="ListingSeconds">A bare client reads the listings of source and snapshot container, side by side, and throws them away.</param>
internal sealed record IncrementFigure(int Objects, int Changed, double Seconds, double ListingSeconds, double Ratio);

/// <param name="ObjectsPerSecond">A comparison, a sample of <paramref name="DeepChecked"/> read on both sides.</param>
/// <param name="Ratio">How many times as fast as copying.</param>
/// <param name="WithCatchUpRatio">The same with the delta pass that comes before a comparison.</param>
internal sealed record VerifyFigure(double ObjectsPerSecond, double CopyObjectsPerSecond, double Ratio, double WithCatchUpRatio, long DeepChecked);

/// <summary>Peak working sets of processes that run the app's orchestrators on the local host.</summary>
/// <param name="LargeObjectMb">Copies one object of <paramref name="LargeObjectGb"/>.</param>
/// <param name="ManyNamesMb">Goes through two listings of <paramref name="Names"/>, copies a twentieth and verifies.</param>
internal sealed record MemoryFigure(double LargeObjectMb, double LargeObjectGb, double ManyNamesMb, int Names);
