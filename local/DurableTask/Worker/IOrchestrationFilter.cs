namespace Microsoft.DurableTask.Worker;

/// <summary>Says whether this worker runs an orchestration now. What it refuses stays as it is and is asked about again.</summary>
[Obsolete("Experimental")]
public interface IOrchestrationFilter
{
    ValueTask<bool> IsOrchestrationValidAsync(OrchestrationFilterParameters info, CancellationToken cancellationToken = default);
}

#pragma warning disable CA1815 // No equality in the real API.
public struct OrchestrationFilterParameters
{
    public string? Name { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}
#pragma warning restore CA1815
