using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;

namespace Orchestrator.Workflows.Sync;

/// <summary>Counts a bounded batch of what a data set's source holds, and what of it cannot be carried, for the plan.</summary>
public sealed class CountObjects(DataKinds kinds)
{
    [Function(nameof(CountObjects))]
    public Task<DataSetCount> RunAsync([ActivityTrigger] CountObjectsInput input, CancellationToken cancellationToken) =>
        kinds.Sync(input.Data).CountAsync(input, cancellationToken);
}
