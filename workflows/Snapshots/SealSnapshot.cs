using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>Joins the parts into the manifest, sorted by data set and name, and writes the header that makes the snapshot a finished one.</summary>
/// <exception cref="PermanentFailureException">MIG0121: a manifest is there already and says otherwise; MIG0123: a part is missing.</exception>
public sealed class SealSnapshot(BlobStores stores, ILogger<SealSnapshot> logger)
{
    private const int Format = 1;

    [Function(nameof(SealSnapshot))]
    public async Task<SealSnapshotResult> RunAsync([ActivityTrigger] SealSnapshotInput input, CancellationToken cancellationToken)
    {
        var layout = new SnapshotLayout(input.RunId);
        var store = new SnapshotStore(stores.Container(input.Container));
        return await BlobErrors.ExplainAsync(input.Container, async () =>
        {
            if (await store.ReadAsync<SnapshotHeader>(layout.Header, cancellationToken) is { } sealedBefore) return Result(store, sealedBefore);

            await using var manifest = TemporaryFile();
            var (objects, bytes) = await WriteAsync(manifest, store, layout, input, cancellationToken);
            manifest.Position = 0;
            var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(manifest, cancellationToken));
            manifest.Position = 0;
            if (!await store.TryCreateAsync(layout.Manifest, manifest, "application/gzip", cancellationToken))
                await DemandSameAsync(store, layout.Manifest, sha256, cancellationToken);

            var header = await store.CreateOrGetAsync(layout.Header, Header(input, layout, objects, bytes, sha256), cancellationToken);
            logger.SnapshotSealed(input.RunId, header.Objects, header.Bytes, header.ManifestSha256);
            return Result(store, header);
        });
    }

    private static SnapshotHeader Header(SealSnapshotInput input, SnapshotLayout layout, long objects, long bytes, string sha256) => new(
        Format, input.RunId, input.TakenAt, input.TakenAt.AddDays(input.RetainDays), [.. input.Data.Select(data => data.Name)],
        objects, bytes, layout.Manifest, sha256);

    private static SealSnapshotResult Result(SnapshotStore store, SnapshotHeader header) =>
        new(header.Objects, header.Bytes, $"{store.Container.Uri}/{header.Manifest}", header.ManifestSha256);

    private static async Task<(long Objects, long Bytes)> WriteAsync(
        Stream manifest, SnapshotStore store, SnapshotLayout layout, SealSnapshotInput input, CancellationToken cancellationToken)
    {
        long objects = 0, bytes = 0;
        await using var gzip = new GZipStream(manifest, CompressionLevel.Optimal, leaveOpen: true);
        // Parts follow each other by name, so taking the data sets by name sorts the whole.
        foreach (var (index, data) in input.Data.Index().OrderBy(data => data.Item.Name, StringComparer.Ordinal))
        {
            for (var number = 0; number < input.Parts[index]; number++)
            {
                var name = layout.Part(data.Name, number);
                var part = await store.ReadAsync<SnapshotPart>(name, cancellationToken)
                    ?? throw new PermanentFailureException(SnapshotCodes.NoSnapshot, $"{store.Container.Uri}/{name} is missing");
                foreach (var entry in part.Entries)
                {
                    await JsonSerializer.SerializeAsync(gzip, entry, SnapshotJson.Options, cancellationToken);
                    gzip.WriteByte((byte)'\n');
                    objects++;
                    bytes += entry.Size;
                }
            }
        }

        return (objects, bytes);
    }

    private static async Task DemandSameAsync(SnapshotStore store, string name, string sha256, CancellationToken cancellationToken)
    {
        await using var there = await store.Container.GetBlobClient(name).OpenReadAsync(cancellationToken: cancellationToken);
        if (Convert.ToHexStringLower(await SHA256.HashDataAsync(there, cancellationToken)) != sha256)
            throw new PermanentFailureException(SnapshotCodes.Tampered, $"{store.Container.Uri}/{name} is there and does not tell of this snapshot");
    }

    /// <summary>A manifest of millions of lines does not fit in memory.</summary>
    private static FileStream TemporaryFile() => new(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
}
