using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>A part of a container's names that is carried by itself.</summary>
/// <param name="Start">Where it begins in both listings.</param>
/// <param name="Until">Its last name; null where it has no end.</param>
internal sealed record SyncRange(ListingCursor Start, string? Until)
{
    public static SyncRange Whole { get; } = new(ListingCursor.Start, Until: null);
}

/// <summary>The ranges of a data set, found once for a run and kept in the state container: each has a manifest of its own.</summary>
internal sealed class SyncRanges(BlobContainerClient state, string runId, DataSet data)
{
    private BlobClient Blob => state.GetBlobClient($"{SyncFolder.Of(runId, data)}ranges.json");

    /// <summary>The whole where it was not divided.</summary>
    public async Task<IReadOnlyList<SyncRange>> ReadAsync(CancellationToken cancellationToken) => await FindAsync(cancellationToken) ?? [SyncRange.Whole];

    public async Task<IReadOnlyList<SyncRange>?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await Blob.DownloadContentAsync(cancellationToken)).Value.Content.ToObjectFromJson<List<SyncRange>>(SyncManifest.Json);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Keeps the ranges unless there are some, and returns those that there are.</summary>
    /// <param name="starts">Where each begins; the first is the beginning.</param>
    public async Task<IReadOnlyList<SyncRange>> CreateOrGetAsync(IReadOnlyList<ListingCursor> starts, CancellationToken cancellationToken)
    {
        List<SyncRange> ranges = [.. starts.Select((start, index) => new SyncRange(start, index + 1 < starts.Count ? starts[index + 1].After : null))];
        try
        {
            var options = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await Blob.UploadAsync(BinaryData.FromObjectAsJson(ranges, SyncManifest.Json), options, cancellationToken);
            return ranges;
        }
        catch (RequestFailedException there) when (there.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            return await ReadAsync(cancellationToken);
        }
    }
}
