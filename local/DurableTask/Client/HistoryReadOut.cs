using System.Text.Json;
using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Orchestrator.Local.DurableTask.Execution;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask;

/// <summary>Shows a stored history as the SDK's client does: each turn between its beginning and its end.</summary>
internal sealed class HistoryReadOut(InstanceRow row, IReadOnlyList<HistoryLine> lines)
{
    private readonly Dictionary<int, DateTime> timers = lines
        .Where(line => line.Event.Kind == EventKind.TimerCreated)
        .ToDictionary(line => line.Event.TaskId, line => line.Event.Detail!.FireAt!.Value.UtcDateTime);

    private readonly int nextId = lines.Select(line => line.Event.TaskId).DefaultIfEmpty(-1).Max() + 1;

    public List<HistoryEvent> ToList()
    {
        var read = new List<HistoryEvent>();
        foreach (var turn in lines.GroupBy(line => line.Turn))
        {
            var time = turn.First().Time.UtcDateTime;
            read.Add(At(time, new OrchestratorStartedEvent(-1)));
            foreach (var line in turn)
                read.AddRange(Show(line.Event).Select(shown => At(line.Time.UtcDateTime, shown)));
            read.Add(At(time, new OrchestratorCompletedEvent(-1)));
        }
        return read;
    }

    private static HistoryEvent At(DateTime time, HistoryEvent shown)
    {
        shown.Timestamp = time;
        return shown;
    }

    private IEnumerable<HistoryEvent> Show(DurableEvent happened) => happened.Kind switch
    {
        EventKind.ExecutionStarted => [Started(happened)],
        EventKind.ExecutionCompleted => [new ExecutionCompletedEvent(nextId, happened.Payload, OrchestrationStatus.Completed)],
        EventKind.ExecutionFailed => [new ExecutionCompletedEvent(nextId, happened.Payload, OrchestrationStatus.Failed, Failure(happened))],
        EventKind.ExecutionTerminated =>
        [
            new ExecutionTerminatedEvent(-1, happened.Payload),
            new ExecutionCompletedEvent(nextId, happened.Payload, OrchestrationStatus.Terminated),
        ],
        EventKind.ExecutionSuspended => [new ExecutionSuspendedEvent(-1, happened.Payload)],
        EventKind.ExecutionResumed => [new ExecutionResumedEvent(-1, happened.Payload)],
        EventKind.ExecutionRewound => [new ExecutionRewoundEvent(-1, happened.Payload) { InstanceId = row.InstanceId }],
        EventKind.EventRaised => [new EventRaisedEvent(-1, happened.Payload) { Name = happened.Name }],
        _ => [ShowTask(happened)],
    };

    private HistoryEvent ShowTask(DurableEvent happened) => happened.Kind switch
    {
        EventKind.TaskScheduled =>
            new TaskScheduledEvent(happened.TaskId, happened.Name, happened.Detail?.Version ?? "", happened.Payload) { Tags = Tags(happened.Detail?.Tags) },
        EventKind.TaskCompleted => new TaskCompletedEvent(-1, happened.TaskId, happened.Payload),
        EventKind.TaskFailed => new TaskFailedEvent(-1, happened.TaskId, null, null, Failure(happened)),
        EventKind.SubOrchestrationCreated => new SubOrchestrationInstanceCreatedEvent(happened.TaskId)
        {
            Name = happened.Name,
            Version = happened.Detail?.Version,
            InstanceId = happened.Detail?.InstanceId,
            Input = happened.Payload,
            Tags = Tags(happened.Detail?.Tags),
        },
        EventKind.SubOrchestrationCompleted => new SubOrchestrationInstanceCompletedEvent(-1, happened.TaskId, happened.Payload),
        EventKind.SubOrchestrationFailed => new SubOrchestrationInstanceFailedEvent(-1, happened.TaskId, null, null, Failure(happened)),
        EventKind.TimerCreated => new TimerCreatedEvent(happened.TaskId, timers[happened.TaskId]),
        EventKind.TimerFired => new TimerFiredEvent(-1, timers[happened.TaskId]) { TimerId = happened.TaskId },
        EventKind.EventSent => new EventSentEvent(happened.TaskId) { InstanceId = happened.Detail?.InstanceId, Name = happened.Name, Input = happened.Payload },
        _ => throw new InvalidOperationException($"A history has no {happened}."),
    };

    private ExecutionStartedEvent Started(DurableEvent happened) => new(-1, row.Input)
    {
        Name = row.Name,
        Version = row.Version,
        OrchestrationInstance = Instance(row.InstanceId, row.Key, row.Execution),
        ScheduledStartTime = happened.Detail?.FireAt?.UtcDateTime,
        Tags = Tags(row.TagsJson is null ? null : JsonSerializer.Deserialize(row.TagsJson, StoredJson.Default.IReadOnlyDictionaryStringString)),
        ParentInstance = row.Parent is not { } parent
            ? null
            : new ParentInstance
            {
                Name = parent.Name,
                OrchestrationInstance = Instance(parent.InstanceId, parent.Key, parent.Execution),
                TaskScheduleId = parent.TaskId,
            },
    };

    private static OrchestrationInstance Instance(string id, long key, long execution) =>
        new() { InstanceId = id, ExecutionId = DeterministicGuid.Of($"{id}_{key}_{execution}").ToString("N") };

    private static Dictionary<string, string> Tags(IReadOnlyDictionary<string, string>? tags) => tags is null ? [] : new(tags, StringComparer.Ordinal);

    private static FailureDetails? Failure(DurableEvent happened) => Convert(happened.Detail?.Failure, happened.Detail?.NonRetriable ?? false);

    private static FailureDetails? Convert(TaskFailureDetails? known, bool nonRetriable) => known is null
        ? null
        : new FailureDetails(known.ErrorType, known.ErrorMessage, known.StackTrace, Convert(known.InnerFailure, false), nonRetriable, known.Properties);
}
