namespace Orchestrator.Local.DurableTask.Storage;

/// <summary>Where the store stops, as if the process had been killed there.</summary>
internal enum CommitFault
{
    None,

    /// <summary>The transaction is lost.</summary>
    StopBefore,

    /// <summary>The transaction is on disk, and nobody has heard of it.</summary>
    StopAfter,
}
