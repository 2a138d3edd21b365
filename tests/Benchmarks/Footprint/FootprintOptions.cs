namespace Orchestrator.Benchmarks.Footprint;

/// <summary>How much of everything.</summary>
internal sealed record FootprintOptions
{
    public static FootprintOptions Full { get; } = new();

    public static FootprintOptions Quick { get; } = new()
    {
        IsQuick = true, Objects = [200, 500], ApprovalHold = TimeSpan.FromSeconds(3), WayBackHold = TimeSpan.FromSeconds(8),
    };

    public bool IsQuick { get; private init; }

    /// <summary>Two sizes, the smaller first: what is fixed and what each object costs are told by the difference.</summary>
    public int[] Objects { get; init; } = [2_000, 5_000];

    /// <summary>Objects in the second container, in both sizes.</summary>
    public int Orders { get; } = 20;

    /// <summary>How long the approval is let wait.</summary>
    public TimeSpan ApprovalHold { get; private init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the way back is looked at, after the run has succeeded.</summary>
    public TimeSpan WayBackHold { get; private init; } = TimeSpan.FromSeconds(90);

    public bool KeepLogs { get; init; }
}
