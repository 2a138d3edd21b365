using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Sync;

/// <summary>Compensation: the target is as it was before the run, gone or empty. One that is not marked as this run's is left as it is, absent is fine.</summary>
/// <exception cref="PermanentFailureException">MIG0112: the target is live.</exception>
public sealed class RemoveTargetContainer(DataKinds kinds)
{
    [Function(nameof(RemoveTargetContainer))]
    public Task<bool> RunAsync([ActivityTrigger] TargetContainerInput input, CancellationToken cancellationToken) =>
        kinds.Targets(input.Data).RemoveAsync(input.RunId, input.Data, cancellationToken);
}
