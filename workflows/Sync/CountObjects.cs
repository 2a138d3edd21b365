using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Sync;

/// <summary>Counts what a data set's source holds, and what of it cannot be carried, for the plan.</summary>
public sealed class CountObjects(BlobStores stores)
{
    private const int MaxNames = 100;

    [Function(nameof(CountObjects))]
    public async Task<DataSetCount> RunAsync([ActivityTrigger] DataSet data, CancellationToken cancellationToken)
    {
        long objects = 0, bytes = 0;
        var unsupported = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var names = new List<string>();

        await foreach (var (item, _) in new ContainerListing(stores.Container(data.Source)).ReadAsync(pageToken: null, after: null, cancellationToken))
        {
            objects++;
            bytes += item.Size;
            if (item.Obstacle is not { } obstacle) continue;
            unsupported[obstacle] = unsupported.GetValueOrDefault(obstacle) + 1;
            if (names.Count < MaxNames) names.Add(item.Name);
        }

        return new DataSetCount(objects, bytes, unsupported, [.. names]);
    }
}
