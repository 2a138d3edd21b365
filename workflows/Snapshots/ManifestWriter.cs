using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// Writes the manifest as a block blob of which each block is one part's lines, so that neither time nor memory of a step grows with the snapshot. Every step
/// can be repeated: blocks are named by their place, and what a step staged is kept in a document of its own.
/// </summary>
internal sealed class ManifestWriter(SnapshotStore store, SnapshotLayout layout)
{
    private const string RootKey = "sha256";
    private const int Parallelism = 4;

    /// <param name="first">The place of the step's first part in the manifest.</param>
    public async Task StageAsync(int step, IEnumerable<(string Data, int Part)> parts, int first, CancellationToken cancellationToken)
    {
        var staged = new ConcurrentDictionary<int, (SnapshotSegment Segment, SnapshotPart Part)>();
        await Parallel.ForEachAsync(
            parts.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (item, token) => staged[item.Index] = await StageAsync(item.Item.Data, item.Item.Part, first + item.Index, token));

        var inOrder = staged.OrderBy(item => item.Key).Select(item => item.Value).ToList();
        var document = new SealedParts([.. inOrder.Select(item => item.Segment)], inOrder.Sum(item => item.Part.Copied), inOrder.Sum(item => item.Part.CopiedBytes));
        await store.CreateOrGetAsync(layout.SealedParts(step), document, cancellationToken);
    }

    /// <summary>Makes the manifest of what <paramref name="steps"/> steps staged.</summary>
    /// <exception cref="PermanentFailureException">MIG0121: there is a manifest already, and it is another.</exception>
    public async Task<SealedParts> CommitAsync(int steps, BlobImmutabilityPolicy? policy, CancellationToken cancellationToken)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, steps).Select(step => DemandAsync<SealedParts>(layout.SealedParts(step), cancellationToken)));
        var segments = all.SelectMany(document => document.Segments).ToArray();
        var root = ManifestReader.RootOf(segments);
        var manifest = store.Container.GetBlockBlobClient(layout.Manifest);
        try
        {
            var options = new CommitBlockListOptions
            {
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                HttpHeaders = new BlobHttpHeaders { ContentType = "application/gzip" },
                Metadata = new Dictionary<string, string> { [RootKey] = root },
                ImmutabilityPolicy = policy,
            };
            await manifest.CommitBlockListAsync(segments.Select((_, place) => BlockId(place)), options, cancellationToken);
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobAlreadyExists || error.ErrorCode == "BlobImmutableDueToPolicy")
        {
            await DemandSameAsync(manifest, segments, root, cancellationToken);
        }

        return new SealedParts(segments, all.Sum(document => document.Copied), all.Sum(document => document.CopiedBytes));
    }

    private async Task<(SnapshotSegment Segment, SnapshotPart Part)> StageAsync(string data, int number, int place, CancellationToken cancellationToken)
    {
        var part = await DemandAsync<SnapshotPart>(layout.Part(data, number), cancellationToken);
        var content = await store.ReadBytesAsync(part.Content, range: default, cancellationToken) ?? throw Missing(part.Content);
        if (Convert.ToHexStringLower(SHA256.HashData(content)) != part.Sha256)
            throw new PermanentFailureException(SnapshotCodes.Tampered, $"{store.Container.Uri}/{part.Content} is not what the part wrote");
        using var stream = new MemoryStream(content, writable: false);
        try
        {
            await store.Container.GetBlockBlobClient(layout.Manifest).StageBlockAsync(BlockId(place), stream, options: null, cancellationToken);
        }
        catch (RequestFailedException error) when (error.ErrorCode == "BlobImmutableDueToPolicy")
        {
            // The manifest was committed by a try that came no further: the commit below compares it.
        }

        return (new SnapshotSegment(data, content.Length, part.Objects, part.Bytes, part.Sha256), part);
    }

    private static async Task DemandSameAsync(BlockBlobClient manifest, SnapshotSegment[] segments, string root, CancellationToken cancellationToken)
    {
        var there = (await manifest.GetPropertiesAsync(conditions: null, cancellationToken)).Value;
        var blocks = (await manifest.GetBlockListAsync(BlockListTypes.Committed, snapshot: null, conditions: null, cancellationToken)).Value.CommittedBlocks;
        if (!there.Metadata.TryGetValue(RootKey, out var known) || known != root
            || !blocks.Select(block => block.SizeLong).SequenceEqual(segments.Select(segment => (long)segment.Length)))
            throw new PermanentFailureException(SnapshotCodes.Tampered, $"{manifest.Uri} is there and does not tell of this snapshot");
    }

    private async Task<T> DemandAsync<T>(string name, CancellationToken cancellationToken)
        where T : class => await store.ReadAsync<T>(name, cancellationToken) ?? throw Missing(name);

    private PermanentFailureException Missing(string name) => new(SnapshotCodes.NoSnapshot, $"{store.Container.Uri}/{name} is missing");

    private static string BlockId(int place) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"{place:D12}"));
}
