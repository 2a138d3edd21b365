using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// Copies all data sets in full, side by side, then what changed meanwhile, until each target is no further behind than its limit. Run again later, it
/// brings them up to date again. Its custom status is a <see cref="Migrations.StepProgress"/>.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0110: a source changes faster than it can be copied.</exception>
public static class SyncOrchestrator
{
    [Function(nameof(SyncOrchestrator))]
    public static async Task<SyncResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, SyncInput input)
    {
        var passes = new SyncPasses(context, input);
        await Task.WhenAll(input.Data.Select((_, index) => passes.RunAsync(index)));

        if (!passes.AreDone) context.ContinueAsNew(passes.Remainder);
        return passes.Result;
    }
}
