using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>Takes and restores snapshots of data sets of one kind, a bounded batch in each call. Cursors are the implementation's own text.</summary>
/// <exception cref="PermanentFailureException">From every call: what a store refused for good.</exception>
public interface IDataSnapshots
{
    /// <summary>Takes the next part of the data set. The same part always gives the same answer; what is once in the snapshot is never written again.</summary>
    Task<SnapshotPartResult> TakeAsync(SnapshotPartInput input, CancellationToken cancellationToken);

    /// <summary>
    /// Brings the next batch of the data set from a finished snapshot to where it is wanted. What is there and differs stays unless it is asked to be replaced;
    /// nothing is deleted, nothing written before the whole manifest has been checked.
    /// </summary>
    Task<RestoreBatchResult> RestoreAsync(RestoreBatch input, CancellationToken cancellationToken);
}
