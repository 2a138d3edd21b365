namespace Orchestrator.Workflows.Azure.Arm;

/// <summary>One line of a what-if. <paramref name="ChangeType"/>: Create, Modify, NoChange, Delete, Ignore, Deploy or Unsupported.</summary>
public sealed record ResourceChange(string ResourceId, string ChangeType);
