using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.CutOver;

/// <summary>Production refuses writes, and those under way have ended: the site answers only then. Twice is harmless.</summary>
/// <exception cref="PermanentFailureException">MIG0302: the site does not know the call; MIG0318: it says that writes are paused, and still takes them.</exception>
public sealed class PauseWrites(WriteSwitch writes)
{
    [Function(nameof(PauseWrites))]
    public Task<WritesAnswer> RunAsync([ActivityTrigger] WritesOrder order, CancellationToken cancellationToken) => writes.PauseAsync(order, cancellationToken);
}
