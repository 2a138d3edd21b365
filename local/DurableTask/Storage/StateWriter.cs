using System.Text.Json;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Storage;

/// <summary>What is done to the store, inside the transaction of the <see cref="CommitLoop"/>.</summary>
internal sealed class StateWriter(Statements sql)
{
    private long lastInbox = sql.GetLastInboxSequence();
    private long lastActivity = sql.GetLastActivitySequence();

    /// <summary>Makes an instance, in place of one that has its id and is in none of the statuses that refuse.</summary>
    /// <exception cref="OrchestrationAlreadyExistsException">It is in one of them.</exception>
    public StartedInstance Start(NewInstance instance, IReadOnlyCollection<OrchestrationRuntimeStatus> refusing, DateTimeOffset now)
    {
        var replaced = sql.FindInstance(instance.InstanceId);
        if (replaced is not null && refusing.Contains(replaced.Status))
            throw new OrchestrationAlreadyExistsException($"An orchestration with the id '{instance.InstanceId}' exists already and is {replaced.Status}.");
        var removedTimers = replaced is null ? [] : Delete(replaced.Key);
        var key = sql.Insert(
            "INSERT INTO Instances (InstanceId, Execution, Name, Version, Status, CreatedAt, UpdatedAt, Tags, " +
            "ParentKey, ParentExecution, ParentTaskId, ParentInstanceId, ParentName) VALUES (?1, 1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            instance.InstanceId,
            instance.Name,
            instance.Version,
            OrchestrationRuntimeStatus.Pending,
            now,
            instance.Tags is { Count: > 0 } tags ? JsonSerializer.Serialize(tags, StoredJson.Default.IReadOnlyDictionaryStringString) : null,
            instance.Parent?.Key,
            instance.Parent?.Execution,
            instance.Parent?.TaskId,
            instance.Parent?.InstanceId,
            instance.Parent?.Name);
        sql.Execute("INSERT INTO InstanceData (InstanceKey, Input) VALUES (?1, ?2)", key, instance.Input);
        var notBefore = instance.NotBefore > now ? instance.NotBefore : null;
        var detail = notBefore is null ? instance.Started : (instance.Started ?? new EventDetail()) with { FireAt = notBefore };
        AddToInbox(
            key, 0, new DurableEvent(EventKind.ExecutionStarted, Name: instance.Name, Payload: instance.Input, Detail: detail), notBefore: notBefore);
        return new StartedInstance(key, replaced?.Key, removedTimers, notBefore);
    }

    /// <summary>Starts again what an instance was started as: under its own id in its place, once it has ended, or under another.</summary>
    /// <returns>Null when there is no such instance.</returns>
    /// <exception cref="InvalidOperationException">It has not ended, and the new one was to have its id.</exception>
    public StartedInstance? Restart(string instanceId, string newInstanceId, DateTimeOffset now)
    {
        if (sql.FindInstance(instanceId, withData: true) is not { } row)
            return null;
        if (newInstanceId == instanceId && !row.HasEnded)
            throw new InvalidOperationException($"An orchestration with the instanceId {instanceId} cannot be restarted: it is {row.Status}.");
        var tags = row.TagsJson is null ? null : JsonSerializer.Deserialize(row.TagsJson, StoredJson.Default.IReadOnlyDictionaryStringString);
        return Start(new NewInstance(newInstanceId, row.Name, row.Version, row.Input, tags, null, null), [], now);
    }

    /// <returns>Null when there is no such instance or it has ended: the message is dropped.</returns>
    public (long Key, InboxMessage Message)? Post(string instanceId, DurableEvent message) =>
        sql.FindInstance(instanceId) is { HasEnded: false } receiver ? (receiver.Key, AddToInbox(receiver.Key, 0, message)) : null;

    /// <inheritdoc cref="Post(string, DurableEvent)"/>
    public (long Key, InboxMessage Message)? Post(long key, long execution, DurableEvent message) =>
        sql.GetInstance(key) is { HasEnded: false } ? (key, AddToInbox(key, execution, message)) : null;

    /// <param name="carriedTo">The execution that a message was carried over to: it comes before those that were left in the inbox, which are younger.</param>
    public InboxMessage AddToInbox(long key, long execution, DurableEvent message, long carriedTo = 0, DateTimeOffset? notBefore = null)
    {
        var sequence = ++lastInbox;
        sql.Execute(
            "INSERT INTO Inbox (InstanceKey, Sequence, Execution, CarriedTo, NotBefore, Kind, TaskId, Name, Payload, Detail) " +
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            key,
            sequence,
            execution,
            carriedTo,
            notBefore,
            message.Kind,
            message.TaskId,
            message.Name,
            message.Payload,
            EventDetail.Write(message.Detail));
        return new InboxMessage(sequence, execution, message);
    }

    public void RemoveFromInbox(long key, long sequence) => sql.Execute("DELETE FROM Inbox WHERE InstanceKey = ?1 AND Sequence = ?2", key, sequence);

    public void Append(long key, int sequence, HistoryLine line) => sql.Execute(
        "INSERT INTO History (InstanceKey, Sequence, Turn, Time, Kind, TaskId, Name, Payload, Detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        key,
        sequence,
        line.Turn,
        line.Time,
        line.Event.Kind,
        line.Event.TaskId,
        line.Event.Name,
        line.Event.Payload,
        EventDetail.Write(line.Event.Detail));

    public ActivityRow AddActivity(InstanceRow instance, DurableEvent call)
    {
        var sequence = ++lastActivity;
        sql.Execute(
            "INSERT INTO Activities (InstanceKey, Execution, TaskId, Sequence, InstanceId, Name, Input, Detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            instance.Key,
            instance.Execution,
            call.TaskId,
            sequence,
            instance.InstanceId,
            call.Name,
            call.Payload,
            EventDetail.Write(call.Detail));
        return new ActivityRow(sequence, instance.Key, instance.Execution, instance.InstanceId, call.TaskId, call.Name!, call.Payload, call.Detail, 1);
    }

    public int CountDelivery(ActivityRow activity) => sql.Execute(
        "UPDATE Activities SET Deliveries = Deliveries + 1 WHERE InstanceKey = ?1 AND Execution = ?2 AND TaskId = ?3",
        activity.InstanceKey,
        activity.Execution,
        activity.TaskId);

    public int CountGivenUp(ActivityRow activity) => sql.Execute(
        "UPDATE Activities SET Detail = ?4 WHERE InstanceKey = ?1 AND Execution = ?2 AND TaskId = ?3",
        activity.InstanceKey,
        activity.Execution,
        activity.TaskId,
        EventDetail.Write((activity.Detail ?? new EventDetail()) with { GivenUp = (activity.Detail?.GivenUp ?? 0) + 1 }));

    public void RemoveActivity(long key, long execution, int taskId) =>
        sql.Execute("DELETE FROM Activities WHERE InstanceKey = ?1 AND Execution = ?2 AND TaskId = ?3", key, execution, taskId);

    public void AddTimer(TimerRow timer) => sql.Execute(
        "INSERT INTO Timers (InstanceKey, Execution, TaskId, FireAt) VALUES (?1, ?2, ?3, ?4)", timer.InstanceKey, timer.Execution, timer.TaskId, timer.FireAt);

    public void RemoveTimer(long key, long execution, int taskId) =>
        sql.Execute("DELETE FROM Timers WHERE InstanceKey = ?1 AND Execution = ?2 AND TaskId = ?3", key, execution, taskId);

    /// <summary>Writes what every turn can have changed. A turn that has ended is no longer counted as begun.</summary>
    /// <returns>False when there is no such instance any more.</returns>
    public bool Update(InstanceRow row) => sql.Execute(
        "UPDATE Instances SET Execution = ?2, Version = ?3, Status = ?4, UpdatedAt = ?5, CompletedAt = ?6, CustomStatus = ?7, Failure = ?8, Deliveries = 0 " +
        "WHERE Key = ?1",
        row.Key,
        row.Execution,
        row.Version,
        row.Status,
        row.UpdatedAt,
        row.CompletedAt,
        row.CustomStatus,
        row.FailureJson) == 1;

    public void SetInput(long key, string? input) => sql.Execute("UPDATE InstanceData SET Input = ?2 WHERE InstanceKey = ?1", key, input);

    public void SetOutput(long key, string? output) => sql.Execute("UPDATE InstanceData SET Output = ?2 WHERE InstanceKey = ?1", key, output);

    /// <returns>False when there is no such instance any more.</returns>
    public bool CountDelivery(long key) => sql.Execute("UPDATE Instances SET Deliveries = Deliveries + 1 WHERE Key = ?1", key) == 1;

    public void RemoveHistory(long key) => sql.Execute("DELETE FROM History WHERE InstanceKey = ?1", key);

    public List<TimerRow> RemoveTimers(long key) => sql.Query(
        "DELETE FROM Timers WHERE InstanceKey = ?1 RETURNING Execution, TaskId, FireAt",
        row => new TimerRow(key, row.GetInt64(0), row.GetInt32(1), row.GetTime(2)),
        key);

    /// <summary>Removes what could still come to an instance that has ended.</summary>
    public List<TimerRow> RemovePending(long key)
    {
        sql.Execute("DELETE FROM Inbox WHERE InstanceKey = ?1", key);
        sql.Execute("DELETE FROM Activities WHERE InstanceKey = ?1", key);
        return RemoveTimers(key);
    }

    /// <returns>The timers that it still had.</returns>
    public List<TimerRow> Delete(long key)
    {
        var timers = RemovePending(key);
        RemoveHistory(key);
        sql.Execute("DELETE FROM InstanceData WHERE InstanceKey = ?1", key);
        sql.Execute("DELETE FROM Instances WHERE Key = ?1", key);
        return timers;
    }

    /// <summary>Lets a failed instance run again.</summary>
    /// <returns>Whether it has a history: one that failed before its first turn is still to be started.</returns>
    public bool Reopen(long key, DateTimeOffset now)
    {
        sql.Execute("DELETE FROM History WHERE InstanceKey = ?1 AND Kind = ?2", key, EventKind.ExecutionFailed);
        SetOutput(key, null);
        var started = sql.GetHistoryEnd(key).Sequence > 0;
        sql.Execute(
            "UPDATE Instances SET Status = ?2, UpdatedAt = ?3, CompletedAt = NULL, Failure = NULL, Deliveries = 0 WHERE Key = ?1",
            key,
            started ? OrchestrationRuntimeStatus.Running : OrchestrationRuntimeStatus.Pending,
            now);
        return started;
    }

    /// <summary>Where the lines of tasks stand: a history has each kind of line once for a task.</summary>
    public Dictionary<(EventKind Kind, int TaskId), int> GetPlacesInHistory(long key) => sql.Query(
        "SELECT Kind, TaskId, Sequence FROM History WHERE InstanceKey = ?1 AND TaskId >= 0",
        row => KeyValuePair.Create(((EventKind)row.GetInt32(0), row.GetInt32(1)), row.GetInt32(2)),
        key).ToDictionary();

    public void RemoveFromHistory(long key, int sequence) => sql.Execute("DELETE FROM History WHERE InstanceKey = ?1 AND Sequence = ?2", key, sequence);

    public void UpdateInHistory(long key, int sequence, DurableEvent line) => sql.Execute(
        "UPDATE History SET Payload = ?3, Detail = ?4 WHERE InstanceKey = ?1 AND Sequence = ?2", key, sequence, line.Payload, EventDetail.Write(line.Detail));

    public List<long> GetChildren(long key) => sql.Query("SELECT Key FROM Instances WHERE ParentKey = ?1", row => row.GetInt64(0), key);

    public InstanceRow? FindInstance(string instanceId, bool withData = false) => sql.FindInstance(instanceId, withData);

    public InstanceRow? GetInstance(long key) => sql.GetInstance(key);

    /// <returns>Whether the last owner ended in order.</returns>
    public bool TakeOver()
    {
        var inOrder = sql.Scalar("SELECT Value FROM Engine WHERE Key = 'stopped'") as string == "in order" || sql.GetLastKey() == 0;
        sql.Execute("DELETE FROM Engine WHERE Key = 'stopped'");
        return inOrder;
    }

    public int HandOver() => sql.Execute("INSERT OR REPLACE INTO Engine (Key, Value) VALUES ('stopped', 'in order')");
}

/// <param name="Replaced">The instance that had the id before.</param>
/// <param name="RemovedTimers">Those of the instance that had the id before.</param>
internal sealed record StartedInstance(long Key, long? Replaced, IReadOnlyList<TimerRow> RemovedTimers, DateTimeOffset? NotBefore);
