using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Storage;

/// <summary>What is read from the store, on any connection.</summary>
internal static class StateReader
{
    private const string InstanceColumns =
        "Key, InstanceId, Execution, Name, Version, Status, CreatedAt, UpdatedAt, CompletedAt, CustomStatus, Failure, Tags, " +
        "ParentKey, ParentExecution, ParentTaskId, ParentInstanceId, ParentName, Deliveries";

    private const string Instances = $"SELECT {InstanceColumns} FROM Instances";

    private const string InstancesWithData = $"SELECT {InstanceColumns}, Input, Output FROM Instances JOIN InstanceData ON InstanceKey = Key";

    public static InstanceRow? FindInstance(this Statements sql, string instanceId, bool withData = false) => withData
        ? sql.Query($"{InstancesWithData} WHERE InstanceId = ?1", ToInstanceWithData, instanceId).FirstOrDefault()
        : sql.Query($"{Instances} WHERE InstanceId = ?1", ToInstance, instanceId).FirstOrDefault();

    public static InstanceRow? GetInstance(this Statements sql, long key) => sql.Query($"{Instances} WHERE Key = ?1", ToInstance, key).FirstOrDefault();

    public static List<HistoryLine> GetHistory(this Statements sql, long key) => sql.Query(
        "SELECT Kind, TaskId, Name, Payload, Detail, Turn, Time FROM History WHERE InstanceKey = ?1 ORDER BY Sequence",
        row => new HistoryLine(row.GetInt32(5), row.GetTime(6), ToEvent(row)),
        key);

    /// <summary>Both as of one commit.</summary>
    public static (InstanceRow Row, List<HistoryLine> History)? FindInstanceWithHistory(this Statements sql, string instanceId)
    {
        sql.Execute("BEGIN");
        try
        {
            return sql.FindInstance(instanceId, withData: true) is { } row ? (row, sql.GetHistory(row.Key)) : null;
        }
        finally
        {
            sql.Execute("COMMIT");
        }
    }

    /// <summary>The last sequence and turn of the history; zeros for an instance that has not started.</summary>
    public static (int Sequence, int Turn, DateTimeOffset Time) GetHistoryEnd(this Statements sql, long key) => sql.Query(
        "SELECT Sequence, Turn, Time FROM History WHERE InstanceKey = ?1 ORDER BY Sequence DESC LIMIT 1",
        row => (row.GetInt32(0), row.GetInt32(1), row.GetTime(2)),
        key).FirstOrDefault();

    /// <summary>What was carried over last comes first, then the rest in order of arrival; not what is scheduled for later.</summary>
    public static List<InboxMessage> GetInbox(this Statements sql, long key, DateTimeOffset now) => sql.Query(
        "SELECT Kind, TaskId, Name, Payload, Detail, Sequence, Execution FROM Inbox " +
        "WHERE InstanceKey = ?1 AND (NotBefore IS NULL OR NotBefore <= ?2) ORDER BY CarriedTo DESC, Sequence",
        row => new InboxMessage(row.GetInt64(5), row.GetInt64(6), ToEvent(row)),
        key,
        now);

    public static List<long> GetInstancesWithMail(this Statements sql) => sql.Query(
        "SELECT InstanceKey FROM Inbox WHERE NotBefore IS NULL GROUP BY InstanceKey ORDER BY MIN(Sequence)", row => row.GetInt64(0));

    /// <summary>Starts that lie ahead, of instances that may have other mail.</summary>
    public static List<(long Key, DateTimeOffset NotBefore)> GetScheduledStarts(this Statements sql) => sql.Query(
        "SELECT InstanceKey, NotBefore FROM Inbox WHERE NotBefore IS NOT NULL", row => (row.GetInt64(0), row.GetTime(1)));

    public static DateTimeOffset? GetScheduledStart(this Statements sql, long key) => sql.Query<DateTimeOffset?>(
        "SELECT NotBefore FROM Inbox WHERE InstanceKey = ?1 AND NotBefore IS NOT NULL", row => row.GetTime(0), key).FirstOrDefault();

    /// <summary>Without their inputs.</summary>
    public static List<ActivityRow> GetActivities(this Statements sql) => sql.Query(
        "SELECT Sequence, InstanceKey, Execution, InstanceId, TaskId, Name, Detail, Deliveries FROM Activities ORDER BY Sequence",
        row => new ActivityRow(
            row.GetInt64(0),
            row.GetInt64(1),
            row.GetInt64(2),
            row.GetString(3),
            row.GetInt32(4),
            row.GetString(5),
            Input: null,
            EventDetail.Read(row.GetText(6)),
            row.GetInt32(7))
        {
            InputIsOnDisk = true,
        });

    /// <returns>Null when there is no such activity any more.</returns>
    public static ActivityRow? GetWithInput(this Statements sql, ActivityRow activity) => sql.Query(
        "SELECT Input FROM Activities WHERE InstanceKey = ?1 AND Execution = ?2 AND TaskId = ?3",
        row => activity with { Input = row.GetText(0), InputIsOnDisk = false },
        activity.InstanceKey,
        activity.Execution,
        activity.TaskId).FirstOrDefault();

    public static List<TimerRow> GetTimers(this Statements sql) => sql.Query(
        "SELECT InstanceKey, Execution, TaskId, FireAt FROM Timers",
        row => new TimerRow(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetTime(3)));

    public static long GetLastKey(this Statements sql) => sql.Scalar("SELECT MAX(Key) FROM Instances") as long? ?? 0;

    public static long GetLastInboxSequence(this Statements sql) => sql.Scalar("SELECT MAX(Sequence) FROM Inbox") as long? ?? 0;

    public static long GetLastActivitySequence(this Statements sql) => sql.Scalar("SELECT MAX(Sequence) FROM Activities") as long? ?? 0;

    /// <summary>In order of creation, after the given key.</summary>
    public static List<InstanceRow> GetPage(this Statements sql, InstanceFilter filter, long afterKey, int size, bool withData = false) => sql.Query<InstanceRow>(
        $"{(withData ? InstancesWithData : Instances)} WHERE Key > ?1 AND (?2 IS NULL OR CreatedAt >= ?2) AND (?3 IS NULL OR CreatedAt <= ?3) " +
        "AND (?4 IS NULL OR substr(InstanceId, 1, length(?4)) = ?4) AND (?5 IS NULL OR instr(?5, ',' || Status || ',') > 0) " +
        "AND (?6 IS NULL OR CompletedAt >= ?6) AND (?7 IS NULL OR CompletedAt <= ?7) ORDER BY Key LIMIT ?8",
        withData ? ToInstanceWithData : ToInstance,
        afterKey,
        filter.CreatedFrom,
        filter.CreatedTo,
        string.IsNullOrEmpty(filter.IdPrefix) ? null : filter.IdPrefix,
        filter.Statuses is null ? null : $",{string.Join(',', filter.Statuses.Select(status => (int)status))},",
        filter.CompletedFrom,
        filter.CompletedTo,
        size);

    private static InstanceRow ToInstance(Row row) => new()
    {
        Key = row.GetInt64(0),
        InstanceId = row.GetString(1),
        Execution = row.GetInt64(2),
        Name = row.GetString(3),
        Version = row.GetString(4),
        Status = (OrchestrationRuntimeStatus)row.GetInt32(5),
        CreatedAt = row.GetTime(6),
        UpdatedAt = row.GetTime(7),
        CompletedAt = row.IsNull(8) ? null : row.GetTime(8),
        CustomStatus = row.GetText(9),
        FailureJson = row.GetText(10),
        TagsJson = row.GetText(11),
        Parent = row.IsNull(12) ? null : new ParentLink(row.GetInt64(12), row.GetInt64(13), row.GetInt32(14), row.GetString(15), row.GetString(16)),
        Deliveries = row.GetInt32(17),
    };

    private static InstanceRow ToInstanceWithData(Row row) => ToInstance(row) with { Input = row.GetText(18), Output = row.GetText(19) };

    private static DurableEvent ToEvent(Row row) =>
        new((EventKind)row.GetInt32(0), row.GetInt32(1), row.GetText(2), row.GetText(3), EventDetail.Read(row.GetText(4)));
}

/// <summary>Null members let everything through.</summary>
internal sealed record InstanceFilter
{
    public DateTimeOffset? CreatedFrom { get; init; }

    public DateTimeOffset? CreatedTo { get; init; }

    public DateTimeOffset? CompletedFrom { get; init; }

    public DateTimeOffset? CompletedTo { get; init; }

    public string? IdPrefix { get; init; }

    public IReadOnlyCollection<OrchestrationRuntimeStatus>? Statuses { get; init; }
}
