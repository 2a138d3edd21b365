using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// The paces of the runs whose batches copy in this process: one for each, shared by all its data sets and lanes. Where several workers share a run's
/// batches, each keeps to the whole rates by itself: together they may copy as much faster as there are workers that copy.
/// </summary>
internal sealed class RunPaces(RunDocuments documents, TimeProvider time, ILogger<RunPaces> logger)
{
    private const int MostKept = 100;
    private readonly ConcurrentDictionary<string, CopyPace> _paces = new(StringComparer.Ordinal);

    public CopyPace Of(string runId)
    {
        // What a run owes is kept between its batches; who is thrown out here copies nothing now.
        if (_paces.Count >= MostKept)
            foreach (var (run, pace) in _paces)
                if (pace.Sharers == 0) _paces.TryRemove(run, out _);
        return _paces.GetOrAdd(runId, id => new CopyPace(cancellationToken => ReadAsync(id, cancellationToken), time, cause => logger.ThrottleUnread(cause, id)));
    }

    private async Task<CopyRates> ReadAsync(string runId, CancellationToken cancellationToken) =>
        await documents.ReadAsync<SyncThrottle>(RunPaths.Throttle(runId), cancellationToken) is { } throttle
            ? new CopyRates(throttle.ObjectsPerSecond, throttle.BytesPerSecond)
            : CopyRates.Unlimited;
}
