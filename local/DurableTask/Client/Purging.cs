namespace Microsoft.DurableTask.Client;

/// <param name="Recursive">With the sub-orchestrations.</param>
public record PurgeInstanceOptions(bool Recursive = false);

/// <param name="Statuses">Null or empty: every status that has ended. Instances that have not ended are never purged.</param>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null, DateTimeOffset? CreatedTo = null, IEnumerable<OrchestrationRuntimeStatus>? Statuses = null)
{
    /// <summary>Stops after this time; the result then says that more is left.</summary>
    public TimeSpan? Timeout { get; init; }
}

public class PurgeResult
{
    public PurgeResult(int count)
        : this(count, null)
    {
    }

    public PurgeResult(int count, bool? isComplete)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        PurgedInstanceCount = count;
        IsComplete = isComplete;
    }

    public int PurgedInstanceCount { get; }

    /// <summary>False when the purge stopped before everything that fits the filter was gone.</summary>
    public bool? IsComplete { get; }
}
