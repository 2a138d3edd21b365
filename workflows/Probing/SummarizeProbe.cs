using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Probing;

/// <summary>Adds up a run's probes over spans of time, and keeps the sum for the report. Again is harmless: it is written over.</summary>
public sealed class SummarizeProbe(RunDocuments documents)
{
    private const int AtOnce = 16;
    private const int MostFailures = 20;

    [Function(nameof(SummarizeProbe))]
    public async Task<ProbeSummary> RunAsync([ActivityTrigger] ProbeSummaryOrder order, CancellationToken cancellationToken)
    {
        var failures = new List<ProbeFailure>();
        var figures = new List<ProbeFigures>();
        foreach (var span in order.Spans)
        {
            var tally = new ProbeTally(span, order.Rate);
            await foreach (var (at, probe) in ReadAsync(order.RunId, span, cancellationToken))
                if (tally.Add(at, probe) && probe.Fault is { } fault && failures.Count < MostFailures) failures.Add(new ProbeFailure(at, span.Name, fault));
            figures.Add(tally.End());
        }

        var summary = new ProbeSummary(1000 / order.Rate, figures, failures);
        await documents.PutAsync(ProbePaths.Summary(order.RunId), summary, cancellationToken);
        return summary;
    }

    private async IAsyncEnumerable<(DateTimeOffset At, Probe Probe)> ReadAsync(
        string runId, ProbeSpan span, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (first, last) = (ProbeGrid.NumberAt(span.From), ProbeGrid.NumberAt(span.To));
        for (var number = first; number <= last; number += AtOnce)
        {
            var batches = await Task.WhenAll(Enumerable.Range(0, (int)Math.Min(AtOnce, last - number + 1)).Select(
                offset => documents.ReadAsync<ProbeBatch>(ProbePaths.Batch(runId, number + offset), cancellationToken)));
            foreach (var batch in batches.OfType<ProbeBatch>())
                foreach (var probe in batch.Probes) yield return (ProbeGrid.Start(batch.Number).AddMilliseconds(probe.At), probe);
        }
    }
}
