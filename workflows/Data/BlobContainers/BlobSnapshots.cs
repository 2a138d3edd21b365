using System.Collections.Concurrent;
using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Copies containers into the snapshot, each object under its own name below the run's folder.</summary>
internal sealed class BlobSnapshots(BlobStores stores, TimeProvider time, ILogger<BlobSnapshots> logger) : IDataSnapshots
{
    /// <summary>Keeps a part within a few megabytes.</summary>
    private static readonly CopyBudget Budget = CopyBudget.Batch with { Objects = 5_000 };

    public async Task<SnapshotPartResult> TakeAsync(SnapshotPartInput input, CancellationToken cancellationToken)
    {
        var layout = new SnapshotLayout(input.RunId);
        var store = new SnapshotStore(stores.Container(input.Container));
        return await BlobErrors.ExplainAsync(input.Container, async () =>
        {
            if (input.Part == 0) await store.Container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            var name = layout.Part(input.Data.Name, input.Part);
            if (await store.ReadAsync<SnapshotPart>(name, cancellationToken) is { } written) return written.Result;

            using var batch = new Batch(stores.Container(input.Data.Source), store.Container, layout, input.Data.Name, new BudgetMeter(Budget, time));
            var part = await batch.CopyAsync(SnapshotCursor.Parse(input.Cursor) ?? SnapshotCursor.Start, cancellationToken);
            var result = (await store.CreateOrGetAsync(name, part, cancellationToken)).Result;
            logger.PartWritten(input.RunId, input.Data.Name, input.Part, result.Objects, result.Bytes);
            return result;
        });
    }

    private sealed class Batch(
        BlobContainerClient source, BlobContainerClient snapshots, SnapshotLayout layout, string data, BudgetMeter meter) : IDisposable
    {
        private readonly ObjectCopier _copier = new(source, snapshots);
        private readonly ConcurrentBag<SnapshotEntry> _entries = [];
        private readonly Lock _lock = new();
        private SnapshotCursor? _stoppedAt;

        public void Dispose() => _copier.Dispose();

        public async Task<SnapshotPart> CopyAsync(SnapshotCursor cursor, CancellationToken cancellationToken)
        {
            await Parallel.ForEachAsync(
                ObjectsAsync(cursor, cancellationToken),
                new ParallelOptions { MaxDegreeOfParallelism = ObjectCopier.Parallelism, CancellationToken = cancellationToken },
                async (item, token) =>
                {
                    var (entry, finished) = await TakeAsync(item.Object, token);
                    if (!finished) StopAt(item.Before);
                    else if (entry is not null) _entries.Add(entry);
                });

            // Later objects may have been taken before an earlier one ran out of time; the next part tells of them.
            var told = _entries.Where(entry => _stoppedAt is null || string.CompareOrdinal(entry.Name, _stoppedAt.After) <= 0);
            return new SnapshotPart([.. told.OrderBy(entry => entry.Name, StringComparer.Ordinal)], _stoppedAt?.ToString());
        }

        private async IAsyncEnumerable<(ListedObject Object, SnapshotCursor Before)> ObjectsAsync(
            SnapshotCursor cursor, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var after = cursor.After;
            await foreach (var (item, token) in new ContainerListing(source).ReadAsync(cursor.PageToken, cursor.After, cancellationToken))
            {
                var before = new SnapshotCursor(token, after);
                if (meter.IsUsed) StopAt(before);
                if (Volatile.Read(ref _stoppedAt) is not null) yield break;
                if (item.Obstacle is { } obstacle)
                    throw new PermanentFailureException(BlobCodes.UnsupportedObject, $"'{item.Name}' cannot be snapshotted: {obstacle}");
                meter.Use(item.Size);
                yield return (item, before);
                after = item.Name;
            }
        }

        /// <summary>The entry for an object; none where it vanished from the source before it was taken.</summary>
        private async Task<(SnapshotEntry? Entry, bool Finished)> TakeAsync(ListedObject item, CancellationToken cancellationToken)
        {
            var key = layout.Key(data, item.Name);
            for (var seen = item; ; )
            {
                var copy = await _copier.CopyAsync(seen, key, target: null, () => meter.IsTimeUp, cancellationToken);
                if (copy.Outcome == CopyOutcome.Unfinished) return (null, false);
                if (copy.Outcome == CopyOutcome.Copied) return (Entry(seen, key, copy.Sha256), true);
                if (await FindTakenAsync(item.Name, key, cancellationToken) is { } taken) return (taken, true);
                if (await ListedObject.FindAsync(source, item.Name, cancellationToken) is not { } changed) return (null, true);
                seen = changed;
            }
        }

        private SnapshotEntry Entry(ListedObject item, string key, string? sha256) => new(
            data, item.Name, key, item.Size, item.LastModified, item.ETag.ToString(), item.Headers, item.Metadata, item.Md5, sha256, item.Tier);

        /// <summary>What an earlier try put there: that is the snapshot, whatever the source has by now.</summary>
        private async Task<SnapshotEntry?> FindTakenAsync(string name, string key, CancellationToken cancellationToken)
        {
            if (await ListedObject.FindAsync(snapshots, key, cancellationToken) is not { } taken) return null;
            string? sha256 = null;
            if (taken.Size <= ObjectCopier.PieceBytes)
            {
                await using var content = (await snapshots.GetBlobBaseClient(key).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
                sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
            }

            return Entry(taken with { Name = name }, key, sha256);
        }

        /// <summary>The next part begins at the first object that this one did not finish.</summary>
        private void StopAt(SnapshotCursor cursor)
        {
            lock (_lock)
            {
                if (_stoppedAt is null || string.CompareOrdinal(cursor.After, _stoppedAt.After) < 0) _stoppedAt = cursor;
            }
        }
    }
}
