using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>Snapshots all data sets, seals the snapshot with its manifest and proves on a sample that it can be restored.</summary>
public static class SnapshotDataOrchestrator
{
    /// <summary>Activity calls in one history; replay is quadratic in it.</summary>
    private const int MaxCalls = 200;

    [Function(nameof(SnapshotDataOrchestrator))]
    public static async Task<SnapshotDataResult?> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, SnapshotDataInput input)
    {
        var takenAt = input.TakenAt ?? context.CurrentUtcDateTime;
        var progress = input.Progress ?? [.. input.Data.Select(data => new SnapshotProgress(data.Name))];
        var calls = 0;
        await Task.WhenAll(progress.Select((_, index) => CopyAsync(index)));
        if (!progress.All(data => data.Done))
        {
            context.ContinueAsNew(input with { Progress = progress, TakenAt = takenAt });
            return null;
        }

        var seal = await context.CallActivityAsync<SealSnapshotResult>(
            nameof(SealSnapshot),
            new SealSnapshotInput(input.RunId, input.Data, [.. progress.Select(data => data.Parts)], input.Container, takenAt, input.RetainDays),
            Retry.Standard);
        var sampled = 0;
        if (input.TestRestore)
        {
            var restore = new TestRestoreInput(input.RunId, input.Container, seal.ManifestSha256);
            sampled = (await context.CallActivityAsync<TestRestoreResult>(nameof(TestRestore), restore, Retry.Standard)).Sampled;
        }

        return new SnapshotDataResult(seal.Objects, seal.Bytes, seal.ManifestUrl, seal.ManifestSha256, sampled);

        async Task CopyAsync(int index)
        {
            while (!progress[index].Done && calls++ < MaxCalls)
            {
                var part = await context.CallActivityAsync<SnapshotPartResult>(
                    nameof(SnapshotData),
                    new SnapshotPartInput(input.RunId, input.Data[index], input.Container, progress[index].Parts, progress[index].Cursor),
                    Retry.Standard);
                progress[index] = progress[index] with { Parts = progress[index].Parts + 1, Cursor = part.Cursor, Done = part.Cursor is null };
            }
        }
    }
}
