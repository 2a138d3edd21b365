using Microsoft.Azure.Functions.Worker;

namespace Orchestrator.Workflows.CutOver;

/// <summary>Production takes writes: undo of <see cref="PauseWrites"/>, and the end of a pause after the swap. Twice is harmless.</summary>
public sealed class ResumeWrites(WriteSwitch writes)
{
    [Function(nameof(ResumeWrites))]
    public Task<WritesAnswer> RunAsync([ActivityTrigger] WritesOrder order, CancellationToken cancellationToken) => writes.ResumeAsync(order, cancellationToken);
}
