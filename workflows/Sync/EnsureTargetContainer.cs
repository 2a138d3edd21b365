using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Sync;

/// <summary>Sees to it that the target is there and marked as this run's. One that was there before is taken only when it is empty.</summary>
/// <exception cref="PermanentFailureException">MIG0111: the target holds something and is not this run's.</exception>
public sealed class EnsureTargetContainer(DataKinds kinds)
{
    [Function(nameof(EnsureTargetContainer))]
    public Task RunAsync([ActivityTrigger] TargetContainerInput input, CancellationToken cancellationToken) =>
        kinds.Targets(input.Data).EnsureAsync(input.RunId, input.Data, cancellationToken);
}
