using System.IO.Compression;
using System.Text.Json;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Collects one part of a manifest, compressed: some twenty-five bytes an object.</summary>
internal sealed class SyncManifestWriter : IDisposable
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();
    private readonly MemoryStream _lines = new();
    private readonly GZipStream _gzip;

    public SyncManifestWriter() => _gzip = new GZipStream(_lines, CompressionLevel.Fastest, leaveOpen: true);

    public void Add(ManifestEntry entry)
    {
        JsonSerializer.Serialize(_gzip, entry, SyncManifest.Json);
        _gzip.Write(NewLine);
    }

    /// <summary>The part with its head as first line. A file of gzip may have several members: the head is one, the lines are another.</summary>
    public MemoryStream Finish<THead>(THead head)
    {
        _gzip.Dispose();
        var part = new MemoryStream();
        using (var first = new GZipStream(part, CompressionLevel.Fastest, leaveOpen: true))
        {
            JsonSerializer.Serialize(first, head, SyncManifest.Json);
            first.Write(NewLine);
        }

        _lines.WriteTo(part);
        part.Position = 0;
        return part;
    }

    public void Dispose()
    {
        _gzip.Dispose();
        _lines.Dispose();
    }
}
