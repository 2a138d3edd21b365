using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Probing;

/// <summary>
/// Probes production until somebody stops it. Two batches are always asked for: the one whose time it is, and the next, which waits where it will run, so
/// that nothing is missed while one is handed over to the other. A batch that fails is a hole in what was measured, never a failure of the run.
/// </summary>
public static class ProbeOrchestrator
{
    /// <summary>So many batches, at most, before the history is begun anew: there, one is handed over to the next without overlap.</summary>
    private const int MostBatches = 60;

    [Function(nameof(ProbeOrchestrator))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, ProbeInput input)
    {
        var number = Math.Max(input.Next, ProbeGrid.NumberAt(context.CurrentUtcDateTime));
        var running = BatchAsync(context, input, number);
        for (var batches = 1; batches < MostBatches; batches++)
        {
            // After a time in which nothing ran, what has passed by is not asked for.
            number = Math.Max(number + 1, ProbeGrid.NumberAt(context.CurrentUtcDateTime));
            var next = BatchAsync(context, input, number);
            var isStopped = await running;
            running = next;
            if (isStopped || context.CurrentUtcDateTime >= input.Until) break;
        }

        if (!await running && context.CurrentUtcDateTime < input.Until) context.ContinueAsNew(input with { Next = number + 1 });
    }

    /// <returns>Whether somebody wants the prober to end.</returns>
    private static async Task<bool> BatchAsync(TaskOrchestrationContext context, ProbeInput input, long number)
    {
        // Not before the one before it has begun: batches that fail at once must not run through the numbers.
        var early = ProbeGrid.Start(number - 1) - context.CurrentUtcDateTime;
        if (early > TimeSpan.Zero) await context.CreateTimer(early, CancellationToken.None);
        try
        {
            var order = new ProbeBatchOrder(input.RunId, input.HostName, input.HealthCheckPath, input.Rate, number);
            return (await context.CallActivityAsync<ProbeBatchResult>(nameof(ProbeSite), order, Retry.Swift)).Stopped;
        }
        catch (TaskFailedException)
        {
            return false;
        }
    }
}
