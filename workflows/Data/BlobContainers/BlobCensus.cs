using System.Text.Json;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Goes through listings before anything is copied: counts what there is, and finds ranges that can be carried side by side.</summary>
internal sealed class BlobCensus(BlobStores stores, StateContainer state, TimeProvider time)
{
    private const int MaxNames = 100;

    public SyncRanges Ranges(string runId, DataSet data) => new(state.Client, runId, data);

    public async Task<DataSetCount> CountAsync(CountObjectsInput input, CancellationToken cancellationToken)
    {
        var at = ListingCursor.Parse(input.Cursor) ?? ListingCursor.Start;
        var meter = new BudgetMeter(CopyBudget.Batch, time);
        long objects = 0, bytes = 0;
        var unsupported = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var names = new List<string>();

        await foreach (var (item, token) in new ContainerListing(stores.Container(input.Data.Source)).ReadAsync(at.FromToken, at.After, cancellationToken))
        {
            if (meter.IsTimeUp) return new DataSetCount(objects, bytes, unsupported, [.. names], (at with { FromToken = token }).ToString());
            at = at with { After = item.Name };
            objects++;
            bytes += item.Size;
            if (item.Obstacle is not { } obstacle) continue;
            unsupported[obstacle] = unsupported.GetValueOrDefault(obstacle) + 1;
            if (names.Count < MaxNames) names.Add(item.Name);
        }

        return new DataSetCount(objects, bytes, unsupported, [.. names]);
    }

    public async Task<DivideDataResult> DivideAsync(DivideDataInput input, CancellationToken cancellationToken)
    {
        var ranges = Ranges(input.RunId, input.Data);
        if (await ranges.FindAsync(cancellationToken) is { } found) return new DivideDataResult(found.Count, Cursor: null);

        var division = Division.Parse(input.Cursor, input.Least);
        var meter = new BudgetMeter(CopyBudget.Batch, time);
        var (from, to) = (new ContainerListing(stores.Container(input.Data.Source)), new ContainerListing(stores.Container(input.Data.Target)));
        await foreach (var pair in ListingMerge.ReadAsync(from, to, division.At, cancellationToken))
        {
            if (meter.IsTimeUp) return new DivideDataResult(Ranges: 0, (division with { At = pair.Before }).ToString());
            division = division.See(pair.Before, input.Most);
        }

        return new DivideDataResult((await ranges.CreateOrGetAsync(division.Starts, cancellationToken)).Count, Cursor: null);
    }

    /// <summary>How far a division has come: where ranges may start, so many objects apart.</summary>
    private sealed record Division(ListingCursor At, List<ListingCursor> Starts, long Seen, long Apart)
    {
        public override string ToString() => JsonSerializer.Serialize(this);

        public static Division Parse(string? text, long apart) =>
            text is null ? new Division(ListingCursor.Start, [ListingCursor.Start], 0, apart) : JsonSerializer.Deserialize<Division>(text)!;

        public Division See(ListingCursor before, int most)
        {
            if (Seen == 0 || Seen % Apart != 0) return this with { Seen = Seen + 1 };
            // How many objects there are is known at the end: too many starts become half of them, twice as far apart.
            return Starts.Count < most
                ? this with { Seen = Seen + 1, Starts = [.. Starts, before] }
                : (this with { Starts = [.. Starts.Where((_, index) => index % 2 == 0)], Apart = Apart * 2 }).See(before, most);
        }
    }
}
