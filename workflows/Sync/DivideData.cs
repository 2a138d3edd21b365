using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;

namespace Orchestrator.Workflows.Sync;

/// <summary>Divides a data set into ranges that are carried side by side, a bounded batch of its listing in each call. Again, it finds those that there are.</summary>
public sealed class DivideData(DataKinds kinds)
{
    [Function(nameof(DivideData))]
    public Task<DivideDataResult> RunAsync([ActivityTrigger] DivideDataInput input, CancellationToken cancellationToken) =>
        kinds.Sync(input.Data).DivideAsync(input, cancellationToken);
}
