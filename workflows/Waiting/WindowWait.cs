using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Waiting;

/// <summary>Waits until the window is open, or the run is cancelled. Each look is an activity, each pause a durable timer.</summary>
internal static class WindowWait
{
    public static async Task RunAsync(TaskOrchestrationContext context, MigrationInput input, TimeSpan needed, Task cancelled)
    {
        while (!cancelled.IsCompleted)
        {
            var opening = await context.CallActivityAsync<Opening>(nameof(FindOpening), new OpeningOrder(input.Site, input.Outline.Window, needed), Retry.Standard);
            if (opening.LookAgainAt is not { } at) return;

            using var stop = new CancellationTokenSource();
            await Task.WhenAny(context.CreateTimer(at.UtcDateTime, stop.Token), cancelled);
            stop.Cancel();
        }
    }
}
