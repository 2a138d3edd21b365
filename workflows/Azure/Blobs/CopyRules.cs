namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>What a pass may do at its target.</summary>
public sealed record CopyRules
{
    /// <summary>
    /// When the batch was decided. What the target got after it was written by someone who knew more: a batch that runs late neither overwrites nor
    /// deletes it. Null where nothing else writes the target.
    /// </summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>Objects that the source lacks are deleted at the target.</summary>
    public bool DeleteExtras { get; init; }

    /// <summary>
    /// Set on the way back after a cut-over: objects of the source last changed before it are unchanged since, and objects of the target changed after
    /// it were written there on their own: those are conflicts, kept and reported.
    /// </summary>
    public DateTimeOffset? Since { get; init; }
}
