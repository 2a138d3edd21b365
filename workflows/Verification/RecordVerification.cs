using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Verification;

/// <summary>
/// Keeps what a verification found as documents of the run: the record with the first thousand differences and the index of all. Gives the record's
/// digest; the same findings have the same digest.
/// </summary>
public sealed class RecordVerification(RunDocuments documents, DifferenceParts parts)
{
    private const int MostNames = 1_000;

    [Function(nameof(RecordVerification))]
    public async Task<string> RunAsync([ActivityTrigger] VerificationOrder order, CancellationToken cancellationToken)
    {
        var record = new VerificationRecord(
            order.RunId, order.Round, order.At, order.Data.Sum(data => data.Compared), order.Data.Sum(data => data.Mismatches), await NamesAsync(order, cancellationToken),
            order.Checks, order.Load, order.Faults, [.. order.Data.Select(VerifiedData.Of)], await IndexAsync(order, cancellationToken), order.StaleAt,
            order.Data.Sum(data => data.Repaired));
        await documents.PutAsync(RunPaths.Verification(order.RunId), record, cancellationToken);
        return Digests.Of(new BinaryData(JsonSerializer.SerializeToUtf8Bytes(record, SpecJson.Options)));
    }

    /// <summary>Of the last round alone: what stood before it and no longer does was repaired.</summary>
    private async Task<IReadOnlyList<string>> NamesAsync(VerificationOrder order, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        foreach (var data in order.Data)
        {
            foreach (var part in (data.Parts ?? []).Where(part => part.StartsWith(DifferenceParts.RoundPrefix(data.Round), StringComparison.Ordinal)))
            {
                if (names.Count == MostNames) return names;
                var found = await parts.ReadAsync(DifferenceParts.PathOf(order.RunId, order.Round, data.Name, part), cancellationToken);
                names.AddRange(found.Take(MostNames - names.Count).Select(difference => $"{data.Name}: {difference.Name} ({difference.What})"));
            }
        }

        return names;
    }

    private async Task<string?> IndexAsync(VerificationOrder order, CancellationToken cancellationToken)
    {
        if (order.Data.All(data => data.Parts is not { Length: > 0 })) return null;
        var path = RunPaths.Differences(order.RunId, order.Round);
        var index = new DifferenceIndex(
            order.RunId, order.Round,
            [.. order.Data.Select(data => new IndexedData(data.Name, data.Round, [.. (data.Parts ?? []).Select(part => DifferenceParts.PathOf(order.RunId, order.Round, data.Name, part))]))]);
        await documents.PutAsync(path, index, cancellationToken);
        return path;
    }
}

/// <summary>What a verification found, by counts and references.</summary>
public sealed record VerificationOrder(
    string RunId, int Round, DateTimeOffset At, DateTimeOffset? StaleAt, IReadOnlyList<DataSetComparison> Data, IReadOnlyList<CheckResult> Checks, LoadResult? Load,
    IReadOnlyList<string> Faults);
