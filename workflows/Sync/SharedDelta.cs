using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// While customers write to both sides, carries a bounded batch of what one side changed to the other. Again, or late, it does no harm: it overwrites and
/// deletes nothing but the version that was last known, and what both sides changed is kept on both, and told.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0100 to MIG0107: a store refused; MIG0342: the target is not shared any more.</exception>
public sealed class SharedDelta(DataKinds kinds)
{
    [Function(nameof(SharedDelta))]
    public Task<SharedDeltaResult> RunAsync([ActivityTrigger] SharedDeltaInput input, CancellationToken cancellationToken) =>
        kinds.Sync(input.Data).CarrySharedAsync(input, cancellationToken);
}
