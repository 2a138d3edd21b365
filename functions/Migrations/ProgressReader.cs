using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>
/// Reads how far a running step is: what its batches tell while they run, and what its own instance tells between them, whichever is further. Looks at
/// most once a second, so that a run does not count as changed more often than that because of it.
/// </summary>
public sealed class ProgressReader(RunDocuments documents, TimeProvider time, ILogger<ProgressReader> logger)
{
    private const int MostKept = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The steps that work on many objects.</summary>
    private static readonly HashSet<string> Told = [StepNames.Snapshot, StepNames.Sync, StepNames.Verify];

    private readonly ConcurrentDictionary<string, (long At, StepProgress? Progress)> _looks = new(StringComparer.Ordinal);

    /// <returns>Null where the step tells nothing.</returns>
    public async Task<StepProgress?> ReadAsync(DurableTaskClient client, string runId, string step, CancellationToken cancellationToken)
    {
        var child = $"{runId}:{step}";
        if (_looks.TryGetValue(child, out var look) && time.GetElapsedTime(look.At) < Pause) return look.Progress;

        var told = Told.Contains(step) ? await ReadDocumentAsync(runId, step, cancellationToken) : null;
        var progress = Further(told, await ReadStatusAsync(client, child, cancellationToken));
        // Only for a moment each: who is thrown out is looked at again.
        if (_looks.Count >= MostKept) _looks.Clear();
        _looks[child] = (time.GetTimestamp(), progress);
        return progress;
    }

    private static StepProgress? Further(StepProgress? told, StepProgress? status)
    {
        if (told is null || status is null) return told ?? status;
        return (told.Done, told.BytesDone).CompareTo((status.Done, status.BytesDone)) >= 0 ? told : status;
    }

    private async Task<StepProgress?> ReadDocumentAsync(string runId, string step, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return (await documents.ReadAsync<ProgressDocument>(RunPaths.Progress(runId, step), patience.Token))?.Sum();
        }
        catch (Exception unread) when (!cancellationToken.IsCancellationRequested)
        {
            // The run is shown all the same.
            logger.ProgressUnread(unread, runId, step);
            return null;
        }
    }

    private static async Task<StepProgress?> ReadStatusAsync(DurableTaskClient client, string instanceId, CancellationToken cancellationToken)
    {
        var instance = await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellationToken);
        try
        {
            return instance?.SerializedCustomStatus is { } status && status.Contains("done", StringComparison.OrdinalIgnoreCase) ? instance.ReadCustomStatusAs<StepProgress>() : null;
        }
        catch (JsonException)
        {
            // A step may tell something else than progress; then there is none to show.
            return null;
        }
    }
}
