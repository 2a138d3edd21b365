using System.Collections.Immutable;

namespace Microsoft.DurableTask;

/// <summary>How an orchestration is started.</summary>
public record StartOrchestrationOptions
{
    /// <param name="InstanceId">Null: a random id.</param>
    /// <param name="StartAt">Null, or a time that has passed: at once.</param>
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
    {
        this.InstanceId = InstanceId;
        this.StartAt = StartAt;
    }

    public StartOrchestrationOptions(StartOrchestrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        InstanceId = options.InstanceId;
        StartAt = options.StartAt;
        Tags = options.Tags;
        Version = options.Version;
        DedupeStatuses = options.DedupeStatuses;
    }

    public string? InstanceId { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Null: the client's default version.</summary>
    public TaskVersion? Version { get; init; }

    /// <summary>
    /// Statuses in which an instance of the same id is kept and the start refused; in any other it is replaced.
    /// Null: every status that has not ended.
    /// </summary>
    public IReadOnlyList<string>? DedupeStatuses { get; init; }
}
