namespace Orchestrator.Benchmarks.Footprint;

/// <summary>The JSON line of <c>footprint</c>.</summary>
internal sealed record FootprintFigures
{
    public required IReadOnlyList<RunFootprint> Runs { get; init; }

    /// <summary>Of a migration without any object, by the line through both runs.</summary>
    public required IReadOnlyDictionary<string, double> Fixed { get; init; }

    /// <summary>What a thousand objects more add to it.</summary>
    public required IReadOnlyDictionary<string, double> PerThousandObjects { get; init; }

    public required bool Quick { get; init; }

    public required int Processors { get; init; }

    /// <summary>Everything, the set-up included.</summary>
    public double Seconds { get; init; }

    public static FootprintFigures Of(RunFootprint small, RunFootprint large, bool quick)
    {
        var perThousand = Counts.PerThousand(small.All, small.Objects, large.All, large.Objects);
        return new FootprintFigures
        {
            Runs = [small, large],
            Fixed = Counts.Fixed(small.All, small.Objects, perThousand).Values,
            PerThousandObjects = perThousand.Values,
            Quick = quick,
            Processors = Environment.ProcessorCount,
        };
    }
}

/// <summary>One migration, from its start to its success, then its open way back.</summary>
internal sealed record RunFootprint
{
    public required string Status { get; init; }

    public string? Failure { get; init; }

    public required long Objects { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Without the time in which the approval was let wait.</summary>
    public required double Seconds { get; init; }

    /// <summary>In which at least one activity was under way.</summary>
    public required double BusySeconds { get; init; }

    /// <summary>The same but for the probes, which run all through cut-over and watch.</summary>
    public required double BusySecondsWithoutProbes { get; init; }

    /// <summary>Names and seconds, from the call to the turn that took the outcome.</summary>
    public required IReadOnlyList<string> LongestActivities { get; init; }

    public required IReadOnlyDictionary<string, double> Migration { get; init; }

    public required Waiting Approval { get; init; }

    public required Waiting WayBack { get; init; }

    /// <summary>The largest texts and histories.</summary>
    public required IReadOnlyDictionary<string, double> Largest { get; init; }

    public required int ArmReadsInBusiestSecond { get; init; }

    public required int ArmReadsInBusiestMinute { get; init; }

    /// <summary>Of the orchestrator's process, at the end.</summary>
    public required double PeakMemoryMB { get; init; }

    public required double ProcessorSeconds { get; init; }

    /// <summary>Instances whose earlier history is in no count; none, or the counts are too small.</summary>
    public required int HistoriesBegunAnew { get; init; }

    internal Counts All { get; init; } = new();
}

/// <summary>What went on while nothing was asked of the run.</summary>
internal sealed record Waiting(double Seconds, IReadOnlyDictionary<string, double> Counts);
