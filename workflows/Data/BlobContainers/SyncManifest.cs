using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>
/// The manifest of one range of a data set, in the state container: which version of each object was carried as which. A pass reads the one of the pass
/// before and writes its own, a part for each batch; the state names the last that is whole. What is once written stays as it is.
/// </summary>
internal sealed class SyncManifest(BlobContainerClient state, string runId, DataSet data, int range)
{
    private const string TryKey = "try";

    public static JsonSerializerOptions Json { get; } = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public BlobContainerClient Container => state;

    public string Folder { get; } = $"{SyncFolder.Of(runId, data)}{range:D4}/";

    private string StateBlob => $"{Folder}state.json";

    private string PartsFolder => $"{Folder}parts/";

    /// <summary>The manifest of the last pass that was finished, or null before the first.</summary>
    public async Task<ManifestState?> StateAsync(CancellationToken cancellationToken) => (await FindStateAsync(cancellationToken)).State;

    /// <summary>What the answer of a batch was that has been finished before; null where it has not.</summary>
    public async Task<T?> FindPartAsync<T>(string generation, int number, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var blob = state.GetBlobClient(PartBlob(generation, number));
            await using var stored = (await blob.DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
            using var lines = new StreamReader(new GZipStream(stored, CompressionMode.Decompress));
            return JsonSerializer.Deserialize<T>((await lines.ReadLineAsync(cancellationToken))!, Json);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <summary>False where another try of the batch was faster.</summary>
    /// <param name="last">The last name that the part covers; null in the last part.</param>
    /// <param name="settled">The try that wrote it, where its notes are needed no more once the manifest counts.</param>
    public async Task<bool> TryWritePartAsync(string generation, int number, Stream part, string? last, string? settled, CancellationToken cancellationToken)
    {
        var metadata = last is null ? [] : NameInMetadata.Of(last);
        if (settled is not null) metadata[TryKey] = settled;
        try
        {
            var options = new BlobUploadOptions
            {
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                HttpHeaders = new BlobHttpHeaders { ContentType = "application/gzip" },
                Metadata = metadata,
            };
            await state.GetBlobClient(PartBlob(generation, number)).UploadAsync(part, options, cancellationToken);
            return true;
        }
        catch (RequestFailedException there) when (there.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            return false;
        }
    }

    /// <summary>
    /// The pass is over: from now on its manifest is the one that counts, unless a later pass has ended or begun: what that one wrote this one cannot know.
    /// </summary>
    /// <returns>The tries whose notes are needed no more; null where it does not count.</returns>
    public async Task<IReadOnlySet<string>?> CompleteAsync(string generation, CancellationToken cancellationToken)
    {
        var all = await PartsAsync(cancellationToken);
        if (all.Exists(part => string.CompareOrdinal(part.Generation, generation) > 0)) return null;

        var parts = all.Where(part => part.Generation == generation).ToList();
        var own = new ManifestState(generation, [.. parts.Select(part => part.Part)]);
        while (true)
        {
            var (before, etag) = await FindStateAsync(cancellationToken);
            if (before is not null && string.CompareOrdinal(before.Generation, generation) >= 0) return null;
            if (!await TryReplaceAsync(own, etag, cancellationToken)) continue;
            // Whoever still reads the one before finds it.
            await RemoveAsync(all.Where(part => before is not null && string.CompareOrdinal(part.Generation, before.Generation) < 0).Select(part => part.Part.Blob), cancellationToken);
            return parts.Select(part => part.Try).OfType<string>().ToHashSet(StringComparer.Ordinal);
        }
    }

    private async Task<List<(string Generation, ManifestPart Part, string? Try)>> PartsAsync(CancellationToken cancellationToken)
    {
        var parts = new List<(string, ManifestPart, string?)>();
        await foreach (var item in state.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, PartsFolder, cancellationToken))
        {
            var generation = item.Name[PartsFolder.Length..item.Name.LastIndexOf('/')];
            parts.Add((generation, new ManifestPart(item.Name, NameInMetadata.Read(item.Metadata)), item.Metadata.TryGetValue(TryKey, out var settled) ? settled : null));
        }

        return parts;
    }

    private Task RemoveAsync(IEnumerable<string> blobs, CancellationToken cancellationToken) =>
        Task.WhenAll(blobs.Select(blob => state.GetBlobClient(blob).DeleteIfExistsAsync(cancellationToken: cancellationToken)));

    /// <summary>Streams the entries after a name, in ordinal order.</summary>
    public async IAsyncEnumerable<ManifestEntry> ReadAsync(
        ManifestState from, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var part in from.Parts.Where(part => after is null || part.Last is null || string.CompareOrdinal(part.Last, after) > 0))
        {
            await using var stored = (await state.GetBlobClient(part.Blob).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
            using var lines = new StreamReader(new GZipStream(stored, CompressionMode.Decompress));
            await lines.ReadLineAsync(cancellationToken);
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                var entry = JsonSerializer.Deserialize<ManifestEntry>(line, Json)!;
                if (after is null || string.CompareOrdinal(entry.Name, after) > 0) yield return entry;
            }
        }
    }

    private string PartBlob(string generation, int number) => $"{PartsFolder}{generation}/{number:D6}.ndjson.gz";

    private async Task<(ManifestState? State, ETag? ETag)> FindStateAsync(CancellationToken cancellationToken)
    {
        try
        {
            var found = (await state.GetBlobClient(StateBlob).DownloadContentAsync(cancellationToken)).Value;
            return (found.Content.ToObjectFromJson<ManifestState>(Json), found.Details.ETag);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return (null, null);
        }
    }

    private async Task<bool> TryReplaceAsync(ManifestState next, ETag? etag, CancellationToken cancellationToken)
    {
        try
        {
            var conditions = etag is { } there ? new BlobRequestConditions { IfMatch = there } : new BlobRequestConditions { IfNoneMatch = ETag.All };
            await state.GetBlobClient(StateBlob).UploadAsync(
                BinaryData.FromObjectAsJson(next, Json), new BlobUploadOptions { Conditions = conditions }, cancellationToken);
            return true;
        }
        catch (RequestFailedException faster) when (faster.Status is 409 or 412)
        {
            return false;
        }
    }
}
