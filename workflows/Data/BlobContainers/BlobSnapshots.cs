using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Snapshots containers: each version of an object once in the snapshot container, whichever runs need it, and restores them.</summary>
internal sealed class BlobSnapshots(BlobStores stores, Retention retention, SnapshotLimits limits, TimeProvider time, ILogger<BlobSnapshots> logger)
    : IDataSnapshots
{
    public async Task<SnapshotPartResult> TakeAsync(SnapshotPartInput input, CancellationToken cancellationToken)
    {
        var layout = new SnapshotLayout(input.RunId);
        var store = new SnapshotStore(stores.Container(input.Container));
        return await BlobErrors.ExplainAsync(input.Container, async () =>
        {
            if (input.Part == 0) await store.Container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            var name = layout.Part(input.Data.Name, input.Part);
            if (await store.ReadAsync<SnapshotPart>(name, cancellationToken) is { } written) return written.Result;

            var part = await store.CreateOrGetAsync(name, await TakeAsync(store, layout, input, cancellationToken), cancellationToken);
            logger.PartWritten(input.RunId, input.Data.Name, input.Part, part.Objects, part.Bytes, part.Copied, part.CopiedBytes);
            return part.Result;
        });
    }

    public async Task<RestoreBatchResult> RestoreAsync(RestoreBatch input, CancellationToken cancellationToken)
    {
        var order = input.Order;
        return await BlobErrors.ExplainAsync($"{order.Container} or {order.Into}", async () =>
        {
            var manifest = await ManifestReader.OpenAsync(new SnapshotStore(stores.Container(order.Container)), order.RunId, order.ManifestSha256, cancellationToken);
            var restore = new BlobRestore(manifest, stores.Container(order.Container), stores.Container(order.Into), order, time);
            var result = await restore.RunAsync(RestoreCursor.Parse(input.Cursor), cancellationToken);
            logger.BatchRestored(order.RunId, order.Data, result.Restored, result.Bytes, result.Same, result.Conflicts);
            return result;
        });
    }

    private async Task<SnapshotPart> TakeAsync(SnapshotStore store, SnapshotLayout layout, SnapshotPartInput input, CancellationToken cancellationToken)
    {
        var (data, cursor) = (input.Data, SnapshotCursor.Parse(input.Cursor) ?? SnapshotCursor.Start);
        var keeper = await KeeperAsync(store, layout, input, cancellationToken);
        var newest = new NewestSnapshots(store);
        var manifest = input.Part == 0 ? await newest.FindAsync(data, input.TakenAt ?? time.GetUtcNow().UtcDateTime, cancellationToken)
            : cursor.BaseRunId is { } runId ? await newest.OpenAsync(runId, cancellationToken) : null;
        await using var known = new BaseManifest(manifest, data.Name, cursor.BaseSegment, logger, input.RunId, cancellationToken);
        var taker = new SnapshotPartTaker(stores.Container(data.Source), store.Container, data.Name, new SnapshotBudget(limits, time), keeper);
        var (taken, next) = await taker.TakeAsync(cursor, known, cancellationToken);

        var content = ManifestLines.Write(taken.Select(item => item.Entry));
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        var name = layout.PartContent(data.Name, input.Part, sha256);
        await store.TryCreateAsync(name, new BinaryData(content), "application/gzip", cancellationToken);
        var copied = taken.Where(item => item.Copied).ToList();
        return new SnapshotPart(
            name, sha256, content.Length, taken.Count, taken.Sum(item => item.Entry.Size), copied.Count, copied.Sum(item => item.Entry.Size), next?.ToString());
    }

    /// <summary>Asks the store, on the snapshot's first blob, whether it keeps what it is told to keep.</summary>
    private async Task<Keeper> KeeperAsync(SnapshotStore store, SnapshotLayout layout, SnapshotPartInput input, CancellationToken cancellationToken)
    {
        if (input.RetainUntil is not { } date) return new Keeper(retention, store.Container, until: null);
        var until = new DateTimeOffset(date, TimeSpan.Zero);
        await store.CreateOrGetAsync(layout.Begun, new SnapshotBegun(input.RunId, input.TakenAt, date), cancellationToken);
        var refusal = await retention.KeepAsync(store.Container, layout.Begun, until, cancellationToken);
        return new Keeper(retention, store.Container, refusal is null ? until : null);
    }
}
