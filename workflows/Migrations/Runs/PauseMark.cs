namespace Orchestrator.Workflows.Migrations;

/// <summary>What batches go by that run while somebody pauses or resumes the run.</summary>
public sealed record PauseMark(bool IsPaused);
