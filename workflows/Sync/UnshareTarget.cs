using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;

namespace Orchestrator.Workflows.Sync;

/// <summary>Nobody but this run writes to the target any more, and the source has all that was written there: it is a private copy again.</summary>
public sealed class UnshareTarget(DataKinds kinds)
{
    [Function(nameof(UnshareTarget))]
    public Task RunAsync([ActivityTrigger] ShareInput input, CancellationToken cancellationToken) =>
        kinds.Targets(input.Data).UnshareAsync(input.RunId, input.Data, input.Key, cancellationToken);
}
