using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>Restores a data set, or some of its objects, from a finished snapshot. Its custom status is a <see cref="StepProgress"/>.</summary>
public static class RestoreOrchestrator
{
    /// <summary>Activity calls in one history; replay is quadratic in it.</summary>
    private const int MaxCalls = 200;
    private const int MaxNames = 100;

    [Function(nameof(RestoreOrchestrator))]
    public static async Task<RestoreResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, RestoreInput input)
    {
        var result = input.SoFar ?? new RestoreResult(0, 0, 0, 0, [], input.Order.Names ?? []);
        var cursor = input.Cursor;
        for (var calls = 0; calls < MaxCalls; calls++)
        {
            var batch = await context.CallActivityAsync<RestoreBatchResult>(nameof(RestoreSnapshot), new RestoreBatch(input.Order, cursor), Retry.Standard);
            result = Add(result, batch);
            context.SetCustomStatus(new StepProgress(result.Restored + result.Same + result.Conflicts, batch.Total, result.Bytes, batch.TotalBytes, EtaSeconds: null));
            if (batch.Cursor is null) return result;
            cursor = batch.Cursor;
        }

        context.ContinueAsNew(input with { Cursor = cursor, SoFar = result });
        return result;
    }

    private static RestoreResult Add(RestoreResult sum, RestoreBatchResult batch) => new(
        sum.Restored + batch.Restored,
        sum.Bytes + batch.Bytes,
        sum.Same + batch.Same,
        sum.Conflicts + batch.Conflicts,
        [.. sum.ConflictNames.Concat(batch.ConflictNames).Take(MaxNames)],
        [.. sum.NotInSnapshot.Except(batch.Settled ?? [], StringComparer.Ordinal)]);
}
