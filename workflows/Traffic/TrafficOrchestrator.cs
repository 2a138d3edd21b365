using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Orchestrator.Workflows.Traffic;

/// <summary>
/// Moves clients to the slot in steps, each held and judged against the old version in the same time, while what they write on either side is carried to the
/// other. However it ends but with a question, nobody is routed to the slot any more, its writes are paused and production has every write. Belongs between the
/// preview of the swap, which gives the slot production's settings, and the pause of writes. Its custom status is a <see cref="TrafficStatus"/>.
/// </summary>
public static class TrafficOrchestrator
{
    [Function(nameof(TrafficOrchestrator))]
    public static async Task<TrafficResult?> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, TrafficInput input)
    {
        var steps = new TrafficSteps(context, input);
        var result = await steps.RunAsync();
        if (result is null) context.ContinueAsNew(input with { From = steps.Place });
        return result;
    }
}
