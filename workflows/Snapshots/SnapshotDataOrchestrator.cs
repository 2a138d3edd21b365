using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// Snapshots all data sets, seals the snapshot with its manifest and proves on a sample that it can be restored. Its custom status is a
/// <see cref="StepProgress"/>.
/// </summary>
public static class SnapshotDataOrchestrator
{
    /// <summary>Activity calls in one history; replay is quadratic in it.</summary>
    private const int MaxCalls = 200;

    [Function(nameof(SnapshotDataOrchestrator))]
    public static async Task<SnapshotDataResult?> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, SnapshotDataInput input)
    {
        var takenAt = input.TakenAt ?? context.CurrentUtcDateTime;
        var progress = input.Progress ?? [.. input.Data.Select(data => new SnapshotProgress(data.Name))];
        var (stage, calls) = (input.Stage ?? new SnapshotStage(), 0);
        await Task.WhenAll(progress.Select((_, index) => TakeAsync(index)));
        if (progress.All(data => data.Done)) await SealAsync();
        if (stage.Sealed is { } done && (!input.TestRestore || await TestAsync(done))) return Result(done, stage.Sampled);

        context.ContinueAsNew(input with { Progress = progress, TakenAt = takenAt, Stage = stage });
        return null;

        async Task TakeAsync(int index)
        {
            while (!progress[index].Done && calls++ < MaxCalls)
            {
                var (data, at) = (input.Data[index], progress[index]);
                var part = await context.CallActivityAsync<SnapshotPartResult>(
                    nameof(SnapshotData),
                    new SnapshotPartInput(input.RunId, data, input.Container, at.Parts, at.Cursor, takenAt, takenAt.AddDays(input.RetainDays)),
                    Retry.Standard);
                progress[index] = at with
                {
                    Parts = at.Parts + 1, Cursor = part.Cursor, Done = part.Cursor is null, Objects = at.Objects + part.Objects, Bytes = at.Bytes + part.Bytes,
                };
                Show();
            }
        }

        async Task SealAsync()
        {
            while (stage.Sealed is null && calls++ < MaxCalls)
            {
                var step = await context.CallActivityAsync<SealSnapshotResult>(
                    nameof(SealSnapshot),
                    new SealSnapshotInput(
                        input.RunId, input.Data, [.. progress.Select(data => data.Parts)], input.Container, takenAt, input.RetainDays, stage.SealStep),
                    Retry.Standard);
                stage = step.NextStep is { } next ? stage with { SealStep = next } : stage with { Sealed = step };
            }
        }

        async Task<bool> TestAsync(SealSnapshotResult done)
        {
            while (calls++ < MaxCalls)
            {
                var test = await context.CallActivityAsync<TestRestoreResult>(
                    nameof(TestRestore), new TestRestoreInput(input.RunId, input.Container, done.ManifestSha256, stage.TestedSegments), Retry.Standard);
                stage = stage with { TestedSegments = test.NextSegment ?? stage.TestedSegments, Sampled = stage.Sampled + test.Sampled };
                if (test.NextSegment is null) return true;
            }

            return false;
        }

        void Show() => context.SetCustomStatus(new StepProgress(
            progress.Sum(data => data.Objects), input.TotalObjects, progress.Sum(data => data.Bytes), input.TotalBytes, EtaSeconds: null));
    }

    private static SnapshotDataResult Result(SealSnapshotResult done, int sampled) => new(
        done.Objects, done.Bytes, done.ManifestUrl, done.ManifestSha256, sampled,
        done.Copied, done.CopiedBytes, done.Objects - done.Copied, done.Bytes - done.CopiedBytes, done.Immutable, done.NotImmutable);
}
