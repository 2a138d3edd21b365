using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Probing;

/// <summary>Asks a run's prober to end, for good: the batches under way see it within about a second. Again is harmless.</summary>
public sealed class StopProbe(RunDocuments documents, TimeProvider time)
{
    [Function(nameof(StopProbe))]
    public Task RunAsync([ActivityTrigger] StopProbeOrder order, CancellationToken cancellationToken) =>
        documents.CreateAsync(ProbePaths.Stop(order.RunId), new ProbeStop(time.GetUtcNow(), order.Reason), cancellationToken);
}
