using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// Copies all data sets in full, side by side, then what changed meanwhile, until each target is no further behind than its limit. Run again later, it
/// brings them up to date again. A source that changes faster than it can be copied is a result, not an exception: a person decides. Its custom status is a
/// <see cref="Migrations.StepProgress"/>.
/// </summary>
public static class SyncOrchestrator
{
    [Function(nameof(SyncOrchestrator))]
    public static async Task<SyncResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, SyncInput input)
    {
        var passes = new SyncPasses(context, input);
        await Task.WhenAll(input.Data.Select((_, index) => passes.RunAsync(index)));

        if (!passes.AreDone && !passes.IsStopped) context.ContinueAsNew(passes.Remainder);
        return passes.Result;
    }
}
