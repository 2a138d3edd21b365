using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// Marks the target as what the site writes to: from then on no batch of the sync, however late, copies to it or deletes in it, and no undo removes it.
/// Belongs right after the point of no return.
/// </summary>
public sealed class MarkTargetLive(DataKinds kinds)
{
    [Function(nameof(MarkTargetLive))]
    public Task RunAsync([ActivityTrigger] TargetContainerInput input, CancellationToken cancellationToken) =>
        kinds.Targets(input.Data).MarkLiveAsync(input.RunId, input.Data, cancellationToken);
}
