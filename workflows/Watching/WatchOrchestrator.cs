using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Watching;

/// <summary>Watches the new version for the spec's time. A gate or check that fails twice in a row, or at the last look, ends it as failed.</summary>
public static class WatchOrchestrator
{
    public const string Stop = "stop";
    private const int Looks = 10;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    [Function(nameof(WatchOrchestrator))]
    public static async Task<WatchResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, WatchInput input)
    {
        var ends = context.CurrentUtcDateTime + input.Watch.Duration;
        var pause = input.Watch.Duration / Looks is var share && share > Shortest ? share : Shortest;
        var before = (string?)null;
        var lastSeen = (WatchReading?)null;
        var stopped = context.WaitForExternalEvent<string>(Stop);
        while (true)
        {
            var left = ends - context.CurrentUtcDateTime;
            if (left > TimeSpan.Zero) await PauseAsync(context, left < pause ? left : pause, stopped);
            // Nobody looks at the answer any more.
            if (stopped.IsCompleted) return new WatchResult(GateOutcome.NoData, [], After: null, Fault: null);
            var last = context.CurrentUtcDateTime >= ends;

            var reading = await LookAsync(context, input) ?? lastSeen;
            if (last && reading is null) throw new PermanentFailureException(WatchCodes.SawNothing, "Not one look at the new version succeeded in the whole watch: it is live, and nobody knows how it fares.");
            if (reading is null) continue;
            lastSeen = reading;
            var fault = Fault(reading);
            if (fault is not null && (last || before is not null)) return new WatchResult(GateOutcome.Failed, reading.Gates, reading.Traffic, fault);
            if (last) return new WatchResult(Outcome(reading), reading.Gates, reading.Traffic, Fault: null);
            before = fault;
        }
    }

    private static async Task PauseAsync(TaskOrchestrationContext context, TimeSpan pause, Task stopped)
    {
        using var over = new CancellationTokenSource();
        await Task.WhenAny(context.CreateTimer(pause, over.Token), stopped);
        over.Cancel();
    }

    // A look that fails is one look less, not the end of the watch.
    private static async Task<WatchReading?> LookAsync(TaskOrchestrationContext context, WatchInput input)
    {
        try
        {
            return await context.CallActivityAsync<WatchReading>(nameof(ReadGates), new GateOrder(input), Retry.Standard);
        }
        catch (TaskFailedException)
        {
            return null;
        }
    }

    private static string? Fault(WatchReading reading) =>
        reading.Gates.FirstOrDefault(g => g.Outcome == GateOutcome.Failed) is { } gate
            ? $"{gate.Metric} is {gate.Value:0.####}, the gate allows {gate.Limit:0.####}"
            : reading.CheckFault;

    private static string Outcome(WatchReading reading) => reading.Gates.Any(g => g.Outcome == GateOutcome.NoData) ? GateOutcome.NoData : GateOutcome.Passed;
}
