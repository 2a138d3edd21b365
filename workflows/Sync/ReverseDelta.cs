using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// After a cut-over, carries a bounded batch of what changed at the target since back to the source. What changed at the source since on its own is a
/// conflict: kept, and reported. Again, or late, it does no harm.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0100 to MIG0107: a store refused.</exception>
public sealed class ReverseDelta(DataKinds kinds)
{
    [Function(nameof(ReverseDelta))]
    public Task<ReverseDeltaResult> RunAsync([ActivityTrigger] ReverseDeltaInput input, CancellationToken cancellationToken) =>
        kinds.Sync(input.Data).CopyBackAsync(input, cancellationToken);
}
