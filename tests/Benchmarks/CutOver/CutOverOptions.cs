namespace Orchestrator.Benchmarks.CutOver;

/// <summary>How much of everything.</summary>
internal sealed record CutOverOptions
{
    public static CutOverOptions Full { get; } = new();

    public static CutOverOptions Quick { get; } = new() { IsQuick = true, Runs = 2, NaiveRuns = 1 };

    public bool IsQuick { get; private init; }

    public int Runs { get; init; } = 20;

    public int NaiveRuns { get; init; } = 3;

    public bool KeepLogs { get; init; }

    public int Objects { get; } = 5_000;

    public int RequestsPerSecond { get; } = 200;

    /// <summary>One request of so many is an order.</summary>
    public int OrderEvery { get; } = 5;

    public TimeSpan Before { get; } = TimeSpan.FromSeconds(2);

    public TimeSpan After { get; } = TimeSpan.FromSeconds(3);
}
