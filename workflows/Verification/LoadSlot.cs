using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Http;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Verification;

/// <summary>Sends the spec's load at its rate for a stretch of at most a minute, whether answers come or not, and measures.</summary>
public sealed class LoadSlot(RunDocuments documents, SiteHttp http, TimeProvider time)
{
    public static readonly TimeSpan LongestStretch = TimeSpan.FromMinutes(1);

    [Function(nameof(LoadSlot))]
    public async Task<LoadResult> RunAsync([ActivityTrigger] LoadOrder order, CancellationToken cancellationToken)
    {
        var load = (await documents.ReadSpecAsync(order.RunId, cancellationToken)).Verify.Load!;
        var times = new ConcurrentBag<double>();
        var failed = 0L;
        var underWay = new List<Task>();
        var started = time.GetTimestamp();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20), time);

        // By the clock, not by the tick: a late tick sends what the earlier ones owed.
        while (time.GetElapsedTime(started) is var elapsed && elapsed < order.Duration)
        {
            for (var owed = (long)(elapsed.TotalSeconds * load.Rate) - underWay.Count; owed > 0; owed--) underWay.Add(SendAsync());
            await pace.WaitForNextTickAsync(cancellationToken);
        }
        await Task.WhenAll(underWay);
        return new LoadResult(underWay.Count, failed, Percentile([.. times], 0.95));

        async Task SendAsync()
        {
            var sent = time.GetTimestamp();
            try
            {
                using var response = await http.SendAsync(HttpMethod.Get, order.HostName, load.Path, cancellationToken);
                if ((int)response.StatusCode >= 500) Interlocked.Increment(ref failed);
            }
            catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                Interlocked.Increment(ref failed);
            }
            times.Add(time.GetElapsedTime(sent).TotalMilliseconds);
        }
    }

    internal static double Percentile(double[] values, double share)
    {
        if (values.Length == 0) return 0;
        Array.Sort(values);
        return values[Math.Min(values.Length - 1, (int)Math.Ceiling(values.Length * share) - 1)];
    }
}
