using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure;
using Orchestrator.Workflows.Azure.Http;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Probing;

/// <summary>
/// Probes production for the time of one batch, each probe at its moment whether earlier ones have been answered or not, and keeps what came of it. Asked
/// early, it waits for the time; asked late, it probes what is left of it; asked again after it was done, it does nothing. Ends within about a second of
/// the run's stop.
/// </summary>
public sealed class ProbeSite(RunDocuments documents, ProbeHttp http, TimeProvider time)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);

    [Function(nameof(ProbeSite))]
    public async Task<ProbeBatchResult> RunAsync([ActivityTrigger] ProbeBatchOrder order, CancellationToken cancellationToken)
    {
        var path = ProbePaths.Batch(order.RunId, order.Number);
        if (time.GetUtcNow() >= ProbeGrid.Start(order.Number + 1) || await documents.ReadRawAsync(path, cancellationToken) is not null)
            return new ProbeBatchResult(await IsStoppedAsync(order.RunId, cancellationToken));

        var spec = await documents.ReadSpecAsync(order.RunId, cancellationToken);
        var (probes, isStopped) = await ProbeAsync(order, spec.Probe.Path ?? order.HealthCheckPath ?? "/", cancellationToken);
        // Another try that was faster has measured the same time: its document counts.
        if (probes.Count > 0) await documents.CreateAsync(path, new ProbeBatch(order.Number, order.Rate, probes), cancellationToken);
        return new ProbeBatchResult(isStopped);
    }

    private async Task<(IReadOnlyList<Probe> Probes, bool IsStopped)> ProbeAsync(ProbeBatchOrder order, string path, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var start = ProbeGrid.Start(order.Number);
        var interval = TimeSpan.FromSeconds(1) / order.Rate;
        var count = (int)(ProbeGrid.Length / interval);
        var underWay = new List<Task<Probe?>>();
        var stopping = IsStoppedAsync(order.RunId, ended.Token);
        var looked = time.GetUtcNow();
        for (var next = 0; next < count;)
        {
            var now = time.GetUtcNow();
            if (stopping.IsCompleted && await stopping) break;
            if (stopping.IsCompleted && now - looked >= Glance) (stopping, looked) = (IsStoppedAsync(order.RunId, ended.Token), now);

            for (; next < count && start + (interval * next) is var due && due <= now; next++)
                // What was missed is not made up for: it would tell of another moment.
                if (now - due < interval) underWay.Add(SendAsync(order.HostName, path, start, ended.Token));
            var pause = start + (interval * next) - now;
            if (next < count) await time.WaitAsync(pause < Glance ? pause : Glance, cancellationToken);
        }

        var isStopped = await stopping;
        // What nobody waits for any more is neither good nor bad.
        if (isStopped) await ended.CancelAsync();
        return ([.. (await Task.WhenAll(underWay)).OfType<Probe>().OrderBy(probe => probe.At)], isStopped);
    }

    private async Task<Probe?> SendAsync(string host, string path, DateTimeOffset start, CancellationToken cancellationToken)
    {
        var (at, sent) = (time.GetUtcNow() - start, time.GetTimestamp());
        try
        {
            var fault = await http.SendAsync(host, path, cancellationToken);
            return new Probe((int)at.TotalMilliseconds, (int)Math.Ceiling(time.GetElapsedTime(sent).TotalMilliseconds), fault);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    // A store in trouble is no reason to end: it is looked at again.
    private async Task<bool> IsStoppedAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            return await documents.ReadRawAsync(ProbePaths.Stop(runId), cancellationToken) is not null;
        }
        catch (Exception unread) when (unread is not OperationCanceledException)
        {
            return false;
        }
    }
}
