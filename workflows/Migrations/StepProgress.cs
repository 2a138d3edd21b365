namespace Orchestrator.Workflows.Migrations;

/// <summary>How far a step is that works on many objects.</summary>
/// <param name="EtaSeconds">By the rates below; absent where they tell nothing, as while changes are followed that nobody can count beforehand.</param>
/// <param name="ObjectsPerSecond">Over the last half minute at most, not since the start.</param>
/// <param name="LagSeconds">How far the targets are behind their sources by now, at most; absent before the first pass has ended.</param>
public sealed record StepProgress(
    long Done, long Total, long BytesDone, long BytesTotal, int? EtaSeconds, double? ObjectsPerSecond = null, double? BytesPerSecond = null, double? LagSeconds = null);
