using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>Manifests as text: one entry a line, compressed.</summary>
internal static class ManifestLines
{
    /// <summary>A gzip file of its own; such files put behind one another are again one.</summary>
    public static byte[] Write(IEnumerable<SnapshotEntry> entries)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal))
        {
            foreach (var entry in entries)
            {
                JsonSerializer.Serialize(gzip, entry, SnapshotJson.Options);
                gzip.WriteByte((byte)'\n');
            }
        }

        return memory.ToArray();
    }

    public static async IAsyncEnumerable<SnapshotEntry> ReadAsync(Stream compressed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var plain = new GZipStream(compressed, CompressionMode.Decompress);
        using var lines = new StreamReader(plain);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
            yield return JsonSerializer.Deserialize<SnapshotEntry>(line, SnapshotJson.Options)!;
    }
}
