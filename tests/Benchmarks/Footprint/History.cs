using Orchestrator.Local.DurableTask.Storage;
using SQLitePCL;

namespace Orchestrator.Benchmarks.Footprint;

/// <summary>What the engine's store says of the runs in it. It reads while the engine works, and disturbs nobody.</summary>
internal sealed class History : IDisposable
{
    /// <summary>What of an event is text, as the store keeps it.</summary>
    private const string Bytes = "length(CAST(coalesce(Payload, '') AS BLOB)) + length(CAST(coalesce(Detail, '') AS BLOB)) + length(coalesce(Name, ''))";

    /// <summary>Events that stand for a message to the app, which the Durable Task Scheduler bills as an action (Microsoft Learn, "Durable Task Scheduler billing").</summary>
    private static readonly EventKind[] Actions =
    [
        EventKind.ExecutionStarted, EventKind.TaskScheduled, EventKind.TaskCompleted, EventKind.TaskFailed, EventKind.SubOrchestrationCompleted,
        EventKind.SubOrchestrationFailed, EventKind.TimerFired, EventKind.EventRaised, EventKind.ExecutionTerminated, EventKind.ExecutionSuspended,
        EventKind.ExecutionResumed,
    ];

    private readonly Statements _sql;

    public History(string stateFile)
    {
        Batteries_V2.Init();
        _sql = Statements.Open(stateFile, vfs: null);
    }

    public void Dispose() => _sql.Dispose();

    public Counts Take()
    {
        var counts = new Counts();
        foreach (var (kind, count, bytes) in _sql.Query($"SELECT Kind, count(*), sum({Bytes}) FROM History GROUP BY Kind", row => ((EventKind)row.GetInt32(0), row.GetInt64(1), row.GetInt64(2))))
        {
            if (Actions.Contains(kind)) counts["actions"] += count;
            if (Name(kind) is { } name) counts[name] += count;
            counts["historyEvents"] += count;
            counts["historyBytes"] += bytes;
        }

        counts["orchestratorTurns"] = One("SELECT count(*) FROM (SELECT DISTINCT InstanceKey, Turn FROM History)");
        foreach (var (name, count) in _sql.Query($"SELECT Name, count(*) FROM History WHERE Kind = {(int)EventKind.TaskScheduled} GROUP BY Name", row => (row.GetString(0), row.GetInt64(1))))
            counts[$"activity.{name}"] = count;
        return counts;
    }

    /// <summary>The largest texts that the engine was given, in bytes, and the largest history of one instance.</summary>
    public Counts Largest()
    {
        var largest = new Counts();
        largest["payloadBytes"] = One("SELECT max(length(CAST(Payload AS BLOB))) FROM History");
        largest["inputBytes"] = One("SELECT max(length(CAST(Input AS BLOB))) FROM InstanceData");
        largest["outputBytes"] = One("SELECT max(length(CAST(Output AS BLOB))) FROM InstanceData");
        largest["customStatusBytes"] = One("SELECT max(length(CAST(CustomStatus AS BLOB))) FROM Instances");
        largest["historyEvents"] = One("SELECT max(n) FROM (SELECT count(*) AS n FROM History GROUP BY InstanceKey)");
        largest["historyBytes"] = One($"SELECT max(n) FROM (SELECT sum({Bytes}) AS n FROM History GROUP BY InstanceKey)");
        return largest;
    }

    /// <summary>Instances whose history was begun anew: what they did before that is in no count.</summary>
    public int BegunAnew() => (int)One("SELECT count(*) FROM Instances WHERE Execution > (SELECT min(Execution) FROM Instances)");

    /// <summary>From the turn that called an activity to the turn that took its outcome.</summary>
    public IReadOnlyList<ActivitySpan> Spans() => _sql.Query(
        $"""
        SELECT s.Name, s.Time, e.Time FROM History s JOIN History e ON e.InstanceKey = s.InstanceKey AND e.TaskId = s.TaskId AND e.Kind IN ({(int)EventKind.TaskCompleted}, {(int)EventKind.TaskFailed})
        WHERE s.Kind = {(int)EventKind.TaskScheduled} ORDER BY s.Time
        """,
        row => new ActivitySpan(row.GetString(0), row.GetTime(1), row.GetTime(2)));

    private double One(string query) => Convert.ToDouble(_sql.Scalar(query) ?? 0L, System.Globalization.CultureInfo.InvariantCulture);

    private static string? Name(EventKind kind) => kind switch
    {
        EventKind.ExecutionStarted => "orchestrations",
        EventKind.TaskScheduled => "activities",
        EventKind.TaskFailed => "activitiesFailed",
        EventKind.TimerFired => "timersFired",
        EventKind.TimerCreated => "timersSet",
        EventKind.EventRaised => "events",
        _ => null,
    };
}

internal sealed record ActivitySpan(string Name, DateTimeOffset Began, DateTimeOffset Ended)
{
    public double Seconds => (Ended - Began).TotalSeconds;
}
