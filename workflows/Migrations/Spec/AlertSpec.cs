namespace Orchestrator.Workflows.Migrations;

/// <summary>The gates of the watch as alert rules of Azure Monitor, which stay when the watch is over.</summary>
public sealed record AlertSpec
{
    /// <summary>The resource id of the action group that the rules call. It is there already: a run makes none.</summary>
    public required string ActionGroup { get; init; }

    /// <summary>0 (critical) to 4 (verbose).</summary>
    public int Severity { get; init; } = 2;
}
