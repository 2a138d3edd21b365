using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// Carries data sets of one kind, a bounded batch in each call. A batch run twice, or late, never overwrites or deletes anything newer than what it saw.
/// Cursors are the implementation's own text.
/// </summary>
/// <exception cref="PermanentFailureException">From every call: what a store refused for good, or a target that is live or another run's.</exception>
public interface IDataSync
{
    /// <summary>Counts the next batch of what the source holds, and what of it cannot be carried.</summary>
    Task<DataSetCount> CountAsync(CountObjectsInput input, CancellationToken cancellationToken);

    /// <summary>Divides a data set into ranges of about the same size that can be carried side by side. Again, it finds those that there are.</summary>
    Task<DivideDataResult> DivideAsync(DivideDataInput input, CancellationToken cancellationToken);

    /// <summary>Brings the next batch of the target into the state of the source, and tells on the way how far it is.</summary>
    Task<CopyChangesResult> CopyChangesAsync(CopyChangesInput input, BatchProgress progress, CancellationToken cancellationToken);

    /// <summary>With writes paused: brings the whole target into the state of the source, within the limit, and tells what still differs.</summary>
    Task<FinalDeltaResult> FinishAsync(DataSet data, FinalDeltaInput input, CancellationToken cancellationToken);

    /// <summary>After the cut-over: carries the next batch of the target's changes to the source.</summary>
    Task<ReverseDeltaResult> CopyBackAsync(ReverseDeltaInput input, CancellationToken cancellationToken);

    /// <summary>
    /// While customers write to both sides: carries the next batch of one side's changes to the other where that one is as it was last known. What only the other
    /// side changed is left to the other direction; what both changed is a conflict, kept on both and told.
    /// </summary>
    Task<SharedDeltaResult> CarrySharedAsync(SharedDeltaInput input, CancellationToken cancellationToken);

    /// <summary>Proves the way back without touching an object of the source.</summary>
    Task<TryReverseResult> TryWayBackAsync(string runId, DataSet data, CancellationToken cancellationToken);
}
