using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Verification;

/// <summary>Compares data sets of one kind, a bounded batch in each call. Changes nothing. Cursors are the implementation's own text.</summary>
/// <exception cref="PermanentFailureException">From every call: what a store refused for good.</exception>
public interface IDataComparison
{
    Task<ComparedBatch> CompareAsync(CompareDataBatch input, BatchProgress progress, CancellationToken cancellationToken);
}

/// <summary>What a batch found.</summary>
/// <param name="Result">The counts, and where to go on.</param>
/// <param name="Differences">Every mismatch that is counted, by name: so many that they can be held in memory, and no more.</param>
public sealed record ComparedBatch(CompareDataBatchResult Result, IReadOnlyList<ObjectDifference> Differences);
