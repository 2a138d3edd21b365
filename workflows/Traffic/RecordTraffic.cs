using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Traffic;

/// <summary>
/// Keeps what the traffic steps gave, for the report. A cut-over may take them more than once: each has its key, and a result stands in the place of an earlier
/// one with the same key. One that asked never replaces one that ended: it is a late repetition.
/// </summary>
public sealed class RecordTraffic(IDocumentStore store)
{
    [Function(nameof(RecordTraffic))]
    public async Task RunAsync([ActivityTrigger] RecordTrafficOrder order, CancellationToken cancellationToken)
    {
        var path = TrafficPaths.Record(order.RunId);
        while (true)
        {
            // Another writer may come between the read and the write: the condition refuses us, and we look again.
            cancellationToken.ThrowIfCancellationRequested();
            var stored = await store.ReadAsync(path, cancellationToken);
            var record = With(stored is null ? new TrafficRecord([]) : JsonSerializer.Deserialize<TrafficRecord>(stored.Content, SpecJson.Options)!, order);
            var content = new BinaryData(JsonSerializer.SerializeToUtf8Bytes(record, SpecJson.Options));
            var written = stored is null
                ? await store.CreateAsync(path, content, cancellationToken)
                : await store.ReplaceAsync(path, content, stored.ETag, cancellationToken);
            if (written) return;
        }
    }

    private static TrafficRecord With(TrafficRecord record, RecordTrafficOrder order)
    {
        // Where it would go on is of no use to readers, and repeats the steps.
        var kept = new RecordedTraffic(order.Key, order.Result with { Place = null });
        var results = record.Results.ToList();
        var index = results.FindIndex(result => result.Key == order.Key);
        if (index < 0) results.Add(kept);
        else if (order.Result.Outcome != TrafficOutcome.Asks || results[index].Result.Outcome == TrafficOutcome.Asks) results[index] = kept;
        return new TrafficRecord(results);
    }
}

/// <param name="Key">Names the steps that the result is of, over every call that goes on with them: the instance id of the first, for instance.</param>
public sealed record RecordTrafficOrder(string RunId, string Key, TrafficResult Result);

/// <summary>What the traffic steps of a run gave, in the order in which they were begun.</summary>
public sealed record TrafficRecord(IReadOnlyList<RecordedTraffic> Results);

/// <param name="Result">Without its place.</param>
public sealed record RecordedTraffic(string Key, TrafficResult Result);
