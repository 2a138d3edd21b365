namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>What one batch may use before it hands over to the next. Each limit is checked before an object is begun.</summary>
public sealed record CopyBudget(int Objects, long Bytes, TimeSpan Time)
{
    /// <summary>Ends well within the four minutes that an activity has, retries of the last request included.</summary>
    /// <summary>What a batch begun in time may still take to end, once it has to wait for its pace.</summary>
    private const int Overtime = 2;

    /// <summary>Kept to by whoever copies; null where nothing may slow it down.</summary>
    internal CopyPace? Pace { get; init; }

    internal TimeSpan Longest => Time * Overtime;

    public static CopyBudget Batch { get; } = new(Objects: 20_000, Bytes: 8L << 30, Time: TimeSpan.FromSeconds(60));
}

/// <summary>Counts a budget down.</summary>
internal sealed class BudgetMeter(CopyBudget budget, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private int _objects;
    private long _bytes;

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    public bool IsTimeUp => Elapsed >= budget.Time;

    /// <summary>Too late for what the pace has not let through yet: the next batch goes on there.</summary>
    public bool IsLate => budget.Pace?.IsThrottled == true && Elapsed >= budget.Longest;

    public CopyPace? Pace => budget.Pace;

    public bool IsUsed => IsTimeUp || Volatile.Read(ref _objects) >= budget.Objects || Interlocked.Read(ref _bytes) >= budget.Bytes;

    public void Use(long bytes)
    {
        Interlocked.Increment(ref _objects);
        Interlocked.Add(ref _bytes, bytes);
    }
}
