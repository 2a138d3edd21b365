using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// Copies a bounded batch of what the target lacks or has otherwise, and deletes what the source lacks. Again, or late, it does no harm: what changed
/// at the target after the batch was decided is left alone, and so is a target that has gone live.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0100 to MIG0107: a store refused; MIG0112: the target is live; MIG0114: the target is not this run's.</exception>
public sealed class CopyChanges(DataKinds kinds, ProgressReporter reporter, RunDocuments documents)
{
    [Function(nameof(CopyChanges))]
    public async Task<CopyChangesResult> RunAsync([ActivityTrigger] CopyChangesInput input, CancellationToken cancellationToken)
    {
        if (input.Pausable && await documents.ReadAsync<PauseMark>(RunPaths.Pause(input.RunId), cancellationToken) is { IsPaused: true }) return CopyChangesResult.OnPause(input.Cursor);
        await using var progress = reporter.Start(input.RunId, input.Base);
        return await kinds.Sync(input.Data).CopyChangesAsync(input, progress, cancellationToken);
    }
}
