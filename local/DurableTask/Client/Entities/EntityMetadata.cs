using System.Text.Json.Serialization;
using Microsoft.DurableTask.Entities;

namespace Microsoft.DurableTask.Client.Entities;

public class EntityMetadata<TState>(EntityInstanceId id)
{
    private readonly TState? state;

    public EntityMetadata(EntityInstanceId id, TState? state)
        : this(id)
    {
        IncludesState = state is not null;
        this.state = state;
    }

    public EntityInstanceId Id { get; } = id;

    public DateTimeOffset LastModifiedTime { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int BacklogQueueSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LockedBy { get; init; }

    [JsonIgnore]
    public bool IncludesState { get; }

    /// <exception cref="InvalidOperationException">The state was not asked for, or there is none.</exception>
    [JsonIgnore]
    public TState State => IncludesState ? state! : throw new InvalidOperationException("The entity was read without its state.");

    /// <summary>In JSON the state is left out where it was not read, and what is serialized already stays as it is.</summary>
    [JsonInclude]
    [JsonPropertyName("State")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    private object? WrittenState => !IncludesState ? null : state is SerializedData data ? data.Value : state;
}

public sealed class EntityMetadata(EntityInstanceId id, SerializedData? state = null) : EntityMetadata<SerializedData>(id, state);
