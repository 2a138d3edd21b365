namespace Orchestrator.Workflows.Migrations;

/// <summary>How fast a run may copy before its cut-over, as somebody wants it now: a document that the copying batches look at while they run.</summary>
/// <param name="ObjectsPerSecond">Null: as many as go.</param>
/// <param name="BytesPerSecond">Null: as many as go.</param>
public sealed record SyncThrottle(long? ObjectsPerSecond, long? BytesPerSecond, string Person, string Reason, DateTimeOffset At)
{
    public bool IsLifted => ObjectsPerSecond is null && BytesPerSecond is null;
}
