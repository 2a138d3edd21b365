using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;

namespace Orchestrator.Workflows.Sync;

/// <summary>Counts what a data set's source holds, and what of it cannot be carried, for the plan.</summary>
public sealed class CountObjects(DataKinds kinds)
{
    [Function(nameof(CountObjects))]
    public Task<DataSetCount> RunAsync([ActivityTrigger] DataSet data, CancellationToken cancellationToken) =>
        kinds.Sync(data).CountAsync(data, cancellationToken);
}
