using Microsoft.DurableTask;
using Orchestrator.Workflows.CutOver;
using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Traffic;

/// <summary>
/// The steps of traffic as a part of the cut-over: what they ask is put to a person while they hold, and a cancellation lets them go back gradually.
/// </summary>
internal sealed class TrafficStep(TaskOrchestrationContext context, RunProgress run, RunControl control, DecisionInbox inbox, Saga saga)
{
    private static readonly string[] Choices = [DecisionChoice.Retry, DecisionChoice.Skip, DecisionChoice.Abort];
    private int calls;

    /// <returns>How the steps ended: passed, or all taken back.</returns>
    public async Task<TrafficResult> RunAsync(CutOverInput order, TrafficSpec traffic)
    {
        saga.OnFailure(nameof(ClearTraffic), new RampOrder(order.Hold, order.Slot));
        TrafficResult? asking = null;
        while (true)
        {
            var input = new TrafficInput(order.Hold, order.Slot, order.HostName, order.SlotHostName, order.Data, order.WritePauseLimit is not null, traffic, asking?.Place);
            var result = await MoveAsync(input, asking);
            await TrafficRecording.KeepAsync(context, run, order.Hold.RunId, $"{context.InstanceId}:traffic", result);
            if (result.Outcome != TrafficOutcome.Asks) return result;
            asking = result;
        }
    }

    private async Task<TrafficResult> MoveAsync(TrafficInput input, TrafficResult? asking)
    {
        var moving = context.CallSubOrchestratorAsync<TrafficResult>(
            nameof(TrafficOrchestrator), input, new SubOrchestrationOptions(instanceId: $"{context.InstanceId}:traffic:{++calls}"));
        var over = new TaskCompletionSource<CancelRequest>();
        var answering = asking is null ? Task.CompletedTask : AnswerAsync(input, asking, over.Task);
        try
        {
            if (await Task.WhenAny(moving, control.Cancelled) == control.Cancelled)
                await context.CallActivityAsync(nameof(StopTraffic), new StopTrafficOrder(input.Hold.RunId, (await control.Cancelled).Reason), Errors.Retry.Patient);
            return await moving;
        }
        finally
        {
            // A question that the steps have answered themselves is withdrawn.
            over.TrySetResult(null!);
            await answering;
        }
    }

    /// <summary>Retry and skip let the steps go on, abort takes them back.</summary>
    private async Task AnswerAsync(TrafficInput input, TrafficResult asking, Task<CancelRequest> over)
    {
        var error = new DecisionError(asking.Code!, asking.Why!);
        var outcome = await new DecisionQuestion(run, inbox, StepNames.CutOver, DecisionSeverity.Sev2, Choices, error).AskAsync(over);
        if (outcome.Choice is not { } choice) return;
        await context.CallActivityAsync(nameof(AnswerTraffic), new AnswerTrafficOrder(
            input.Hold.RunId, asking.Place!.Question, choice == DecisionChoice.Abort ? TrafficChoice.GoBack : TrafficChoice.GoOn, $"{outcome.Person}: {outcome.Reason}"), Errors.Retry.Patient);
    }
}
