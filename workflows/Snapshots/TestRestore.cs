using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// Restores a sample of a sealed snapshot into a scratch container, compares it byte for byte and with the manifest, and removes it. The sample follows
/// from the run's id: the same for each try.
/// </summary>
/// <exception cref="PermanentFailureException">
/// MIG0121: the manifest was tampered with; MIG0122: what was restored is not what was snapshotted; MIG0123: there is no such snapshot.
/// </exception>
public sealed class TestRestore(BlobStores stores, ILogger<TestRestore> logger)
{
    private const int SampleSize = 50;

    /// <summary>A sample proves the way, not the speed: what is larger is compared by the verification.</summary>
    private const long MaxObjectBytes = 64L << 20;

    [Function(nameof(TestRestore))]
    public async Task<TestRestoreResult> RunAsync([ActivityTrigger] TestRestoreInput input, CancellationToken cancellationToken)
    {
        var store = new SnapshotStore(stores.Container(input.Container));
        return await BlobErrors.ExplainAsync(input.Container, async () =>
        {
            var sample = await DrawAsync(store, input, cancellationToken);
            var scratch = stores.Beside(input.Container, ScratchName.For(input.RunId, "restore", ""));
            await scratch.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            try
            {
                using var copier = new ObjectCopier(store.Container, scratch);
                await Parallel.ForEachAsync(
                    sample,
                    new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
                    async (entry, token) => await RestoreAsync(store.Container, scratch, copier, entry, token));
            }
            finally
            {
                await scratch.DeleteIfExistsAsync(conditions: null, CancellationToken.None);
            }

            var result = new TestRestoreResult(sample.Count, sample.Sum(entry => entry.Size));
            logger.RestoreTested(input.RunId, result.Sampled, result.Bytes);
            return result;
        });
    }

    private static async Task<List<SnapshotEntry>> DrawAsync(SnapshotStore store, TestRestoreInput input, CancellationToken cancellationToken)
    {
        var layout = new SnapshotLayout(input.RunId);
        var header = await store.ReadAsync<SnapshotHeader>(layout.Header, cancellationToken)
            ?? throw new PermanentFailureException(SnapshotCodes.NoSnapshot, $"{store.Container.Uri}/{layout.Header} is missing");
        if (header.ManifestSha256 != input.ManifestSha256)
            throw new PermanentFailureException(SnapshotCodes.Tampered, $"{store.Container.Uri}/{layout.Header} names another manifest than was sealed");

        var drawn = new PriorityQueue<SnapshotEntry, ulong>();
        await foreach (var entry in store.ReadManifestAsync(header.Manifest, header.ManifestSha256, cancellationToken))
        {
            if (entry.Size > MaxObjectBytes) continue;
            // The largest rank leaves first, so the smallest fifty stay.
            drawn.Enqueue(entry, ulong.MaxValue - Sample.Rank(input.RunId, $"{entry.Data}/{entry.Name}"));
            if (drawn.Count > SampleSize) drawn.Dequeue();
        }

        return [.. drawn.UnorderedItems.Select(item => item.Element)];
    }

    private static async Task RestoreAsync(
        BlobContainerClient snapshots, BlobContainerClient scratch, ObjectCopier copier, SnapshotEntry entry, CancellationToken cancellationToken)
    {
        var taken = await ListedObject.FindAsync(snapshots, entry.Key, cancellationToken)
            ?? throw Differs(entry, "is missing from the snapshot");
        var (name, before) = (SnapshotLayout.ScratchKey(entry), await ListedObject.FindAsync(scratch, SnapshotLayout.ScratchKey(entry), cancellationToken));
        var copy = await copier.CopyAsync(taken, name, before?.ETag, outOfTime: static () => false, cancellationToken);
        if (copy.Outcome != CopyOutcome.Copied) throw new InvalidOperationException($"'{entry.Name}' changed while it was restored");

        var restored = await ListedObject.FindAsync(scratch, name, cancellationToken) ?? throw Differs(entry, "was restored and is gone");
        if (restored.Size != entry.Size || restored.Headers != entry.Headers || restored.Md5 is { } md5 && entry.Md5 is { } known && md5 != known)
            throw Differs(entry, "is described otherwise than in the manifest");
        await CompareAsync(snapshots, scratch, name, entry, cancellationToken);
    }

    private static async Task CompareAsync(
        BlobContainerClient snapshots, BlobContainerClient scratch, string name, SnapshotEntry entry, CancellationToken cancellationToken)
    {
        await using var one = (await snapshots.GetBlobBaseClient(entry.Key).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
        await using var other = (await scratch.GetBlobBaseClient(name).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
        var (same, sha256) = await StreamComparison.RunAsync(one, other, cancellationToken);
        if (!same) throw Differs(entry, "was restored with other bytes");
        if (entry.Sha256 is { } expected && expected != sha256) throw Differs(entry, "has other bytes than when it was taken");
    }

    private static PermanentFailureException Differs(SnapshotEntry entry, string how) =>
        new(SnapshotCodes.RestoreDiffers, $"'{entry.Name}' of data '{entry.Data}' {how}");
}
