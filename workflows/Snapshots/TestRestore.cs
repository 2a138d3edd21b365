using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// Reads and checks a stretch of a sealed snapshot's manifest, restores those of its objects that are of the sample into a scratch container, compares them byte
/// for byte and with the manifest, and removes them. The sample, about fifty objects of the whole snapshot, follows from the run's id: the same for each try.
/// </summary>
/// <exception cref="PermanentFailureException">
/// MIG0121: header or manifest were tampered with; MIG0122: what was restored is not what was snapshotted; MIG0123: there is no such snapshot.
/// </exception>
public sealed class TestRestore(BlobStores stores, TimeProvider time, ILogger<TestRestore> logger)
{
    private const ulong SampleSize = 50;

    /// <summary>A sample proves the way, not the speed: what is larger is compared by the verification.</summary>
    private const long MaxObjectBytes = 64L << 20;

    [Function(nameof(TestRestore))]
    public async Task<TestRestoreResult> RunAsync([ActivityTrigger] TestRestoreInput input, CancellationToken cancellationToken)
    {
        var store = new SnapshotStore(stores.Container(input.Container));
        return await BlobErrors.ExplainAsync(input.Container, async () =>
        {
            var manifest = await ManifestReader.OpenAsync(store, input.RunId, input.ManifestSha256, cancellationToken);
            var (sample, next) = await DrawAsync(manifest, input, cancellationToken);
            if (sample.Count > 0) await RestoreAsync(store.Container, input, sample, cancellationToken);
            var result = new TestRestoreResult(sample.Count, sample.Sum(entry => entry.Size), next);
            logger.RestoreTested(input.RunId, result.Sampled, result.Bytes);
            return result;
        });
    }

    /// <summary>Every object is drawn by its own name alone, so a stretch needs to know nothing of the others.</summary>
    private async Task<(List<SnapshotEntry> Sample, int? Next)> DrawAsync(ManifestReader manifest, TestRestoreInput input, CancellationToken cancellationToken)
    {
        var meter = new BudgetMeter(CopyBudget.Batch, time);
        var highest = (ulong)manifest.Header.Objects <= SampleSize ? ulong.MaxValue : ulong.MaxValue / (ulong)manifest.Header.Objects * SampleSize;
        var drawn = new List<SnapshotEntry>();
        for (var segment = input.Segment; segment < manifest.Segments.Count; segment++)
        {
            if (meter.IsTimeUp || drawn.Count >= (int)SampleSize) return (drawn, segment);
            await foreach (var entry in manifest.ReadAsync(segment, cancellationToken))
                if (entry.Size <= MaxObjectBytes && Sample.Rank(input.RunId, $"{entry.Data}/{entry.Name}") <= highest) drawn.Add(entry);
        }

        return (drawn, null);
    }

    private async Task RestoreAsync(BlobContainerClient snapshots, TestRestoreInput input, List<SnapshotEntry> sample, CancellationToken cancellationToken)
    {
        var scratch = stores.Beside(input.Container, ScratchName.For(input.RunId, "restore", $"{input.Segment}"));
        await scratch.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        try
        {
            var copier = new ObjectCopier(snapshots, scratch);
            await Parallel.ForEachAsync(
                sample,
                new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
                async (entry, token) => await RestoreAsync(snapshots, scratch, copier, entry, token));
        }
        finally
        {
            await RemoveAsync(scratch);
        }
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
        await scratch.GetBlobClient(name).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, conditions: null, cancellationToken);
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

    private static async Task RemoveAsync(BlobContainerClient scratch)
    {
        try
        {
            await scratch.DeleteIfExistsAsync(conditions: null, CancellationToken.None);
        }
        catch (RequestFailedException error) when (error.Status == 409)
        {
            // An account with immutable storage deletes no container this way. Its objects are gone, which is what matters.
        }
    }

    private static PermanentFailureException Differs(SnapshotEntry entry, string how) =>
        new(SnapshotCodes.RestoreDiffers, $"'{entry.Name}' of data '{entry.Data}' {how}");
}
