using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.CutOver;

/// <summary>
/// What going back wants before production is touched: the old version still waits in the slot, runs there with production's settings, and is warm.
/// The caller has the preview's undo on its saga.
/// </summary>
public static class PrepareBackOrchestrator
{
    [Function(nameof(PrepareBackOrchestrator))]
    public static async Task<PrepareResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, GoBackInput input)
    {
        var order = input.CutOver;
        var sides = await context.CallActivityAsync<Sides>(nameof(ReadSides), order with { PlannedDeploymentId = input.Sides.Slot }, Retry.Standard);
        if (sides != input.Sides.AfterSwap())
            return new PrepareResult(Sides: null, new Refusal(CutOverCodes.SidesChanged, $"The slot {order.Slot} runs {sides.Slot}, not the old version {input.Sides.Production} any more."));
        try
        {
            await PrepareCutOverOrchestrator.PreviewAsync(context, order);
            return new PrepareResult(sides, Refusal: null);
        }
        catch (PermanentFailureException cold) when (cold.Code == CutOverCodes.PreviewFailed)
        {
            return new PrepareResult(Sides: null, new Refusal(CutOverCodes.NotWarm, $"The old version in the slot {order.Slot} is not warm: {FailureCode.Explain(cold).Detail}"));
        }
    }
}

/// <param name="Sides">What production and the slot ran before the cut-over.</param>
public sealed record GoBackInput(CutOverInput CutOver, Sides Sides);
