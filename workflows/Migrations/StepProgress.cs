namespace Orchestrator.Workflows.Migrations;

/// <summary>How far a step is, as its custom status tells. <paramref name="EtaSeconds"/> is absent until there is a rate to reckon with.</summary>
public sealed record StepProgress(long Done, long Total, long BytesDone, long BytesTotal, int? EtaSeconds = null);
