namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>What one batch may use before it hands over to the next. Each limit is checked before an object is begun.</summary>
public sealed record CopyBudget(int Objects, long Bytes, TimeSpan Time)
{
    /// <summary>Ends well within the four minutes that an activity has, retries of the last request included.</summary>
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

    public bool IsUsed => IsTimeUp || Volatile.Read(ref _objects) >= budget.Objects || Interlocked.Read(ref _bytes) >= budget.Bytes;

    public void Use(long bytes)
    {
        Interlocked.Increment(ref _objects);
        Interlocked.Add(ref _bytes, bytes);
    }
}
