using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// A bounded batch of a data set is as the snapshot has it, except what differs and was not asked to be replaced. Twice is harmless: what is there already is
/// found the same.
/// </summary>
/// <exception cref="PermanentFailureException">
/// MIG0100 to MIG0107: a store refused; MIG0121, MIG0123, MIG0125: the snapshot cannot be trusted or read, nothing was written; MIG0124: an object's copy is
/// missing or damaged; MIG0126: the snapshot has no such data set.
/// </exception>
public sealed class RestoreSnapshot(DataKinds kinds)
{
    [Function(nameof(RestoreSnapshot))]
    public Task<RestoreBatchResult> RunAsync([ActivityTrigger] RestoreBatch input, CancellationToken cancellationToken) =>
        kinds.Snapshots(new DataSet(input.Order.Data, input.Order.Into, input.Order.Into, TimeSpan.Zero, Reverse: false, input.Order.Kind)).RestoreAsync(input, cancellationToken);
}
