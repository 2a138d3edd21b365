namespace Orchestrator.Workflows.Migrations;

public sealed record StepProgress(long Done, long Total, long BytesDone, long BytesTotal, int? EtaSeconds);
