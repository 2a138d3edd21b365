using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.WayBack;

/// <summary>
/// Keeps the old side in step with what is written to the new one, pass after pass, until it is told to stop or the way back expires. The pauses grow with
/// what a pass takes. A failure of a pass is no end: the next one is as good.
/// </summary>
public static class KeepWayBackOrchestrator
{
    public const string Stop = "stop";
    private const int RoundsBeforeNew = 40;
    private const int PauseInPasses = 10;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    [Function(nameof(KeepWayBackOrchestrator))]
    public static async Task<KeepWayBackResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, KeepWayBackInput input)
    {
        var stopped = context.WaitForExternalEvent<string>(Stop);
        for (var round = 0; round < RoundsBeforeNew; round++)
        {
            var began = context.CurrentUtcDateTime;
            if (began >= input.Until.UtcDateTime) return input.SoFar;
            input = input with { SoFar = await RoundAsync(context, input) };

            var took = context.CurrentUtcDateTime - began;
            var pause = took * PauseInPasses < Shortest ? Shortest : took * PauseInPasses < Longest ? took * PauseInPasses : Longest;
            using var over = new CancellationTokenSource();
            await Task.WhenAny(stopped, context.CreateTimer(pause, over.Token));
            over.Cancel();
            if (stopped.IsCompleted) return input.SoFar;
        }

        // What was sent and not seen yet goes with it.
        context.ContinueAsNew(input, preserveUnprocessedEvents: true);
        return input.SoFar;
    }

    private static async Task<KeepWayBackResult> RoundAsync(TaskOrchestrationContext context, KeepWayBackInput input)
    {
        try
        {
            var passes = await Task.WhenAll(input.Data.Select(data => PassAsync(context, input, data)));
            return new KeepWayBackResult(
                input.SoFar.Carried + passes.Sum(p => p.Carried), passes.Sum(p => p.Conflicts), passes.Select(p => p.FirstConflict).FirstOrDefault(name => name is not null), input.SoFar.Failures);
        }
        catch (TaskFailedException failure)
        {
            return input.SoFar with { Failures = input.SoFar.Failures + 1, LastFailure = FailureCode.Explain(failure).Detail };
        }
    }

    private static async Task<KeepWayBackResult> PassAsync(TaskOrchestrationContext context, KeepWayBackInput input, DataSet data)
    {
        var (pass, cursor) = (new KeepWayBackResult(), (string?)null);
        while (true)
        {
            var batch = await context.CallActivityAsync<ReverseDeltaResult>(
                nameof(ReverseDelta), new ReverseDeltaInput(input.RunId, data, context.CurrentUtcDateTime, cursor, Full: false), Retry.Standard);
            pass = new KeepWayBackResult(
                pass.Carried + batch.Copied + batch.Deleted, pass.Conflicts + batch.Conflicts, pass.FirstConflict ?? batch.ConflictNames.FirstOrDefault());
            cursor = batch.Cursor;
            if (batch.FinishedPass) return pass;
        }
    }
}

public sealed record KeepWayBackInput(string RunId, IReadOnlyList<DataSet> Data, DateTimeOffset Until, KeepWayBackResult SoFar);

/// <param name="Carried">Objects that the old side got.</param>
/// <param name="Conflicts">Objects that the last pass found changed on both sides.</param>
/// <param name="Failures">Passes that broke off.</param>
public sealed record KeepWayBackResult(long Carried = 0, long Conflicts = 0, string? FirstConflict = null, int Failures = 0, string? LastFailure = null);
