using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Writes a snapshot as format 1 had it: objects below the run's folder, the manifest as one gzip file with its hash in the header.</summary>
internal static class OldSnapshot
{
    public static async Task WriteAsync(DataPair pair, BlobContainerClient snapshots, DateTime takenAt)
    {
        var entries = new List<SnapshotEntry>();
        foreach (var name in await pair.Source.NamesAsync())
        {
            var item = (await ListedObject.FindAsync(pair.Source, name, default))!;
            var key = $"{DataPair.RunId}/data/orders/{name}";
            var copier = new ObjectCopier(pair.Source, snapshots);
            var copy = await copier.CopyAsync(item, key, target: null, () => false, default);
            entries.Add(new("orders", name, key, item.Size, item.LastModified, item.ETag.ToString(), item.Headers, item.Metadata, item.Md5, copy.Sha256));
        }

        var manifest = ManifestLines.Write(entries);
        await snapshots.PutAsync($"{DataPair.RunId}/manifest.ndjson.gz", manifest);
        var header = new
        {
            format = 1, runId = DataPair.RunId, takenAt, retainUntil = takenAt.AddDays(30), data = new[] { "orders" }, objects = entries.Count, bytes = 2,
            manifest = $"{DataPair.RunId}/manifest.ndjson.gz", manifestSha256 = Convert.ToHexStringLower(SHA256.HashData(manifest)),
        };
        await snapshots.GetBlobClient($"{DataPair.RunId}/snapshot.json").UploadAsync(BinaryData.FromObjectAsJson(header));
    }
}
