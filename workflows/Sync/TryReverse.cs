using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Sync;

/// <summary>Tries the way back before it is needed, without touching an object of the source.</summary>
/// <exception cref="PermanentFailureException">MIG0100: the source may not be written; MIG0113: what came back differs.</exception>
public sealed class TryReverse(DataKinds kinds)
{
    [Function(nameof(TryReverse))]
    public Task<TryReverseResult> RunAsync([ActivityTrigger] TargetContainerInput input, CancellationToken cancellationToken) =>
        kinds.Sync(input.Data).TryWayBackAsync(input.RunId, input.Data, cancellationToken);
}
