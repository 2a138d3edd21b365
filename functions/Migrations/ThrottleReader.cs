using System.Collections.Concurrent;
using Orchestrator.Functions.Http;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>Reads how fast a run may copy, at most once a second.</summary>
public sealed class ThrottleReader(RunDocuments documents, TimeProvider time, ILogger<ThrottleReader> logger)
{
    private const int MostKept = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, (long At, ThrottleView? Throttle)> _looks = new(StringComparer.Ordinal);

    /// <returns>Null where it may copy as fast as it can.</returns>
    public async Task<ThrottleView?> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        if (_looks.TryGetValue(runId, out var look) && time.GetElapsedTime(look.At) < Pause) return look.Throttle;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return Keep(runId, await documents.ReadAsync<SyncThrottle>(RunPaths.Throttle(runId), patience.Token));
        }
        catch (Exception unread) when (!cancellationToken.IsCancellationRequested)
        {
            // The run is shown all the same, as it was known.
            logger.ThrottleUnread(unread, runId);
            return look.Throttle;
        }
    }

    /// <summary>What was said here is shown here at once.</summary>
    public void Remember(string runId, SyncThrottle throttle) => Keep(runId, throttle);

    private ThrottleView? Keep(string runId, SyncThrottle? throttle)
    {
        var view = throttle is { IsLifted: false } ? new ThrottleView(throttle.ObjectsPerSecond, throttle.BytesPerSecond) : null;
        if (_looks.Count >= MostKept) _looks.Clear();
        _looks[runId] = (time.GetTimestamp(), view);
        return view;
    }
}

/// <summary>How fast the run may copy before its cut-over; what is absent is not limited.</summary>
public sealed record ThrottleView(long? ObjectsPerSecond, long? BytesPerSecond);
