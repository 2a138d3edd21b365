using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// Takes a bounded batch of a data set into the run's snapshot and writes the part of the manifest that tells of it. The same part always gives the same
/// answer; what is once in the snapshot is never written again.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0100 to MIG0107: a store refused.</exception>
public sealed class SnapshotData(DataKinds kinds)
{
    [Function(nameof(SnapshotData))]
    public Task<SnapshotPartResult> RunAsync([ActivityTrigger] SnapshotPartInput input, CancellationToken cancellationToken) =>
        kinds.Snapshots(input.Data).TakeAsync(input, cancellationToken);
}
