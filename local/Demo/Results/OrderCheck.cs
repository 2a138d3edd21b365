using System.Collections.Concurrent;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;

namespace Orchestrator.Local.Demo.Results;

internal static class OrderCheck
{
    /// <summary>The acknowledged orders that the container does not hold byte for byte. Each one is read.</summary>
    public static async Task<IReadOnlyCollection<string>> LostAsync(
        BlobContainerClient container, IReadOnlyDictionary<string, byte[]> acknowledged, CancellationToken cancellationToken)
    {
        var lost = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            acknowledged,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (order, token) =>
            {
                try
                {
                    // The shop's own naming: the day that leads the id is the folder.
                    var content = await container.GetBlobClient($"{order.Key[..8]}/{order.Key}.json").DownloadContentAsync(token);
                    if (!SHA256.HashData(content.Value.Content).AsSpan().SequenceEqual(order.Value))
                    {
                        lost.Add(order.Key);
                    }
                }
                catch (RequestFailedException missing) when (missing.Status == 404)
                {
                    lost.Add(order.Key);
                }
            });
        return lost;
    }
}
