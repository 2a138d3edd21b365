using System.IO.Compression;
using System.Text.Json;
using Azure.Storage.Blobs;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>A snapshot's manifest, read apart from the code under test: as one gzip file of lines.</summary>
internal static class SnapshotContent
{
    public static async Task<List<SnapshotEntry>> ManifestAsync(BlobContainerClient snapshots, string runId)
    {
        await using var stored = await snapshots.GetBlobClient($"{runId}/manifest.ndjson.gz").OpenReadAsync();
        await using var plain = new GZipStream(stored, CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => JsonSerializer.Deserialize<SnapshotEntry>(line, SnapshotJson.Options)!)];
    }
}
