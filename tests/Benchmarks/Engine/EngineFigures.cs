namespace Orchestrator.Benchmarks.Engine;

/// <summary>The JSON line of <c>engine --json</c>; null where a figure was not asked for.</summary>
internal sealed record EngineFigures
{
    /// <summary>Of the disk that the store is on: a page overwritten, then made durable, one after the other.</summary>
    public double? FdatasyncPerSecond { get; set; }

    /// <summary>One instance of 1,000 activities, one after the other.</summary>
    public double? SequentialActivitiesPerSecond { get; set; }

    /// <summary>1,000 instances of 5 activities, one after the other, 200 instances at once.</summary>
    public double? OrchestrationsPerSecond { get; set; }

    /// <summary>Turns and activities for each transaction in the measurement before.</summary>
    public double? WorkItemsPerCommit { get; set; }

    /// <summary>One instance of 1,000 activities at once.</summary>
    public double? FanOutActivitiesPerSecond { get; set; }

    /// <summary>From the raising of an event until the client sees that the instance, which did nothing but wait for it, has ended.</summary>
    public double? EventRoundTripMsP50 { get; set; }

    public double? EventRoundTripMsP99 { get; set; }

    /// <summary>A process killed with 10,000 instances that wait for an event with a time limit: from the start of the next engine to the answer of one of them.</summary>
    public double? RecoverySeconds10k { get; set; }

    /// <summary>The most that a process took that started and then kept 10,000 waiting instances, or recovered them.</summary>
    public double? MemoryMb10k { get; set; }

    /// <summary>History lines gone through again when an instance that has taken 1,000 events gets 10 more, spaced, after a restart.</summary>
    public double? ReplayedEvents { get; set; }

    public int Rounds { get; init; }

    public int Processors { get; } = Environment.ProcessorCount;
}
