using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Verification;

/// <summary>Compares data sets of one kind, a bounded batch in each call. Changes nothing. Cursors are the implementation's own text.</summary>
/// <exception cref="PermanentFailureException">From every call: what a store refused for good.</exception>
public interface IDataComparison
{
    Task<CompareDataBatchResult> CompareAsync(CompareDataBatch input, CancellationToken cancellationToken);
}
