using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>
/// Compares objects with what a manifest tells of them. Content is read where the manifest has a SHA-256 of it, so for objects of one piece; of larger ones
/// size, headers, metadata and MD5 are compared as the stores tell them.
/// </summary>
internal sealed class ContentCheck(BlobContainerClient snapshots)
{
    /// <summary>The object in the snapshot container, described as the manifest describes it and ready to be copied in exactly the version that was checked.</summary>
    /// <exception cref="PermanentFailureException">MIG0124: it is missing, or not what was taken.</exception>
    public async Task<ListedObject> DemandTakenAsync(SnapshotEntry entry, CancellationToken cancellationToken)
    {
        var taken = await ListedObject.FindAsync(snapshots, entry.Key, cancellationToken) ?? throw Damaged(entry, "is missing");
        if (taken.Size != entry.Size || taken.Md5 is { } md5 && entry.Md5 is { } known && md5 != known) throw Damaged(entry, "is not what was taken");
        if (entry.Sha256 is { } expected && await HashAsync(snapshots, taken, cancellationToken) != expected) throw Damaged(entry, "has other bytes than when it was taken");
        return taken with { Headers = entry.Headers, Metadata = Metadata(entry), Md5 = entry.Md5, Tier = entry.Tier };
    }

    /// <summary>Whether <paramref name="there"/> already is what the manifest tells of.</summary>
    public async Task<bool> HoldsAsync(BlobContainerClient container, ListedObject there, SnapshotEntry entry, CancellationToken cancellationToken)
    {
        var told = there with { Size = entry.Size, Headers = entry.Headers, Metadata = Metadata(entry), Md5 = entry.Md5, Kind = KindOf(entry) };
        if (!ObjectEquality.DescribedAlike(told, there)) return false;
        return there.Md5 is not null && entry.Md5 is not null
            || entry.Sha256 is not { } expected
            || await HashAsync(container, there, cancellationToken) == expected;
    }

    private static async Task<string> HashAsync(BlobContainerClient container, ListedObject item, CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = item.ETag } };
        await using var content = (await container.GetBlobBaseClient(item.Name).DownloadStreamingAsync(options, cancellationToken)).Value.Content;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }

    private static Dictionary<string, string> Metadata(SnapshotEntry entry) => new(entry.Metadata, StringComparer.OrdinalIgnoreCase);

    private static BlobType KindOf(SnapshotEntry entry) => entry.Kind is { } kind ? Enum.Parse<BlobType>(kind) : BlobType.Block;

    private PermanentFailureException Damaged(SnapshotEntry entry, string how) =>
        new(SnapshotCodes.ObjectDamaged, $"{snapshots.Uri}/{entry.Key}, the copy of '{entry.Name}' of data '{entry.Data}', {how}");
}
