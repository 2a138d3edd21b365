using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// Customers are about to write to the target as to the source: from then on no batch that takes it for a private copy, however late, changes it, and no undo
/// removes it. Run again after <see cref="UnshareTarget"/> with the same key it does nothing.
/// </summary>
public sealed class ShareTarget(DataKinds kinds)
{
    [Function(nameof(ShareTarget))]
    public Task RunAsync([ActivityTrigger] ShareInput input, CancellationToken cancellationToken) =>
        kinds.Targets(input.Data).ShareAsync(input.RunId, input.Data, input.Key, cancellationToken);
}
