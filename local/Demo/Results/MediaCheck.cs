using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Orchestrator.Local.Demo.Setup;

namespace Orchestrator.Local.Demo.Results;

internal static class MediaCheck
{
    private const int Sample = 50;

    /// <summary>
    /// Compares a container with what was uploaded: names, sizes, MD5 and content types of all by listing, and the content of a sample,
    /// since a stored MD5 proves nothing of the bytes. Returns how many it holds, and the names that differ.
    /// </summary>
    public static async Task<(int Count, IReadOnlyCollection<string> Different)> CompareAsync(
        BlobContainerClient container, IReadOnlyList<StoredMedia> uploaded, CancellationToken cancellationToken)
    {
        var expected = uploaded.ToDictionary(media => media.Name, StringComparer.Ordinal);
        var different = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: cancellationToken))
        {
            seen.Add(blob.Name);
            if (!expected.TryGetValue(blob.Name, out var media)
                || blob.Properties.ContentLength != media.Bytes
                || !(blob.Properties.ContentHash ?? []).AsSpan().SequenceEqual(media.Md5)
                || blob.Properties.ContentType != media.ContentType)
            {
                different.Add(blob.Name);
            }
        }

        different.UnionWith(expected.Keys.Except(seen));
        foreach (var media in uploaded.Where((_, index) => index % Math.Max(1, uploaded.Count / Sample) == 0 && seen.Contains(uploaded[index].Name)))
        {
            var content = await container.GetBlobClient(media.Name).DownloadContentAsync(cancellationToken);
            if (!MD5.HashData(content.Value.Content).AsSpan().SequenceEqual(media.Md5))
            {
                different.Add(media.Name);
            }
        }

        return (seen.Count, different);
    }
}
