using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Verification;

/// <summary>Compares a bounded batch of source and target object by object. Changes nothing.</summary>
/// <exception cref="PermanentFailureException">MIG0100 to MIG0107: a store refused.</exception>
public sealed class CompareData(DataKinds kinds)
{
    [Function(nameof(CompareData))]
    public Task<CompareDataBatchResult> RunAsync([ActivityTrigger] CompareDataBatch input, CancellationToken cancellationToken) =>
        kinds.Comparison(input.Data).CompareAsync(input, cancellationToken);
}
