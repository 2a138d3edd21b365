using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.DurableTask;

namespace Orchestrator.Local.DurableTask.Storage;

/// <summary>What has happened to an instance: a message while it waits in the inbox, a line of the history once a turn has taken it.</summary>
/// <param name="TaskId">The number of the task within its execution; -1 for what belongs to no task.</param>
/// <param name="Name">Of the orchestrator, activity or external event.</param>
/// <param name="Payload">Serialized input, result or event.</param>
internal sealed record DurableEvent(EventKind Kind, int TaskId = -1, string? Name = null, string? Payload = null, EventDetail? Detail = null)
{
    public override string ToString() => Kind switch
    {
        EventKind.TaskScheduled or EventKind.TaskCompleted or EventKind.TaskFailed => $"{Kind} (activity '{Name}', #{TaskId})",
        EventKind.SubOrchestrationCreated => $"{Kind} (orchestrator '{Name}', #{TaskId}, instance '{Detail?.InstanceId}')",
        EventKind.SubOrchestrationCompleted or EventKind.SubOrchestrationFailed => $"{Kind} (orchestrator '{Name}', #{TaskId})",
        EventKind.TimerCreated or EventKind.TimerFired => $"{Kind} (#{TaskId})",
        EventKind.EventSent => $"{Kind} ('{Name}' to '{Detail?.InstanceId}', #{TaskId})",
        _ => Name is null ? Kind.ToString() : $"{Kind} ('{Name}')",
    };
}

/// <summary>Stored by number: numbers are never reused.</summary>
internal enum EventKind
{
    ExecutionStarted = 0,
    ExecutionCompleted = 1,
    ExecutionFailed = 2,
    ExecutionTerminated = 3,
    TaskScheduled = 4,
    TaskCompleted = 5,
    TaskFailed = 6,
    SubOrchestrationCreated = 7,
    SubOrchestrationCompleted = 8,
    SubOrchestrationFailed = 9,
    TimerCreated = 10,
    TimerFired = 11,
    EventSent = 14,
    EventRaised = 15,
    ExecutionSuspended = 19,
    ExecutionResumed = 20,
    ExecutionRewound = 21,

    /// <summary>Never stored: another thread tried to continue the orchestrator.</summary>
    Trespassed = 1000,
}

/// <summary>The rarer parts of an event, stored as JSON; most events have none.</summary>
internal sealed record EventDetail
{
    public string? Version { get; init; }

    /// <summary>Of the sub-orchestration, or of the receiver of an event.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The orchestrator chose the id itself, so that it must choose it again on replay.</summary>
    [JsonIgnore]
    public bool IsAddressed { get; init; }

    public DateTimeOffset? FireAt { get; init; }

    /// <summary>Of a start: the span that it came from, in W3C form. Of a call: the span of the call.</summary>
    public string? TraceParent { get; init; }

    public string? TraceState { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    public bool NonRetriable { get; init; }

    /// <summary>Of an activity: how often a stop gave it up. These deliveries count toward no limit, since no process died in them.</summary>
    public int GivenUp { get; init; }

    public bool Recursive { get; init; }

    public static string? Write(EventDetail? detail) => detail is null ? null : JsonSerializer.Serialize(detail, StoredJson.Default.EventDetail);

    public static EventDetail? Read(string? json) => json is null ? null : JsonSerializer.Deserialize(json, StoredJson.Default.EventDetail);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, Converters = [typeof(FailurePropertiesConverter)])]
[JsonSerializable(typeof(EventDetail))]
[JsonSerializable(typeof(TaskFailureDetails))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class StoredJson : JsonSerializerContext;
