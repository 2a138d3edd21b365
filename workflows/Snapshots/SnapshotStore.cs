using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>Reads and writes the documents of snapshots. What is once written stays as it is.</summary>
internal sealed class SnapshotStore(BlobContainerClient container)
{
    public BlobContainerClient Container => container;

    /// <summary>The document, or null where there is none.</summary>
    public async Task<T?> ReadAsync<T>(string name, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var content = await container.GetBlobClient(name).DownloadContentAsync(cancellationToken);
            return content.Value.Content.ToObjectFromJson<T>(SnapshotJson.Options);
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    /// <summary>Writes the document unless there is one already, and returns the one that is there.</summary>
    public async Task<T> CreateOrGetAsync<T>(string name, T document, CancellationToken cancellationToken)
        where T : class
    {
        var content = BinaryData.FromObjectAsJson(document, SnapshotJson.Options);
        return await TryCreateAsync(name, content.ToStream(), "application/json", cancellationToken)
            ? document
            : await ReadAsync<T>(name, cancellationToken) ?? throw new InvalidOperationException($"'{name}' was there and is gone");
    }

    public async Task<bool> TryCreateAsync(string name, Stream content, string contentType, CancellationToken cancellationToken)
    {
        try
        {
            var options = new BlobUploadOptions
            {
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                HttpHeaders = new BlobHttpHeaders { ContentType = contentType },
            };
            await container.GetBlobClient(name).UploadAsync(content, options, cancellationToken);
            return true;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            return false;
        }
    }

    /// <summary>Streams a manifest's lines.</summary>
    /// <exception cref="PermanentFailureException">MIG0121: the manifest is not the one that was sealed.</exception>
    public async IAsyncEnumerable<SnapshotEntry> ReadManifestAsync(
        string name, string sha256, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Hashed first, then read: nothing of a tampered manifest is acted upon.
        await using (var raw = await container.GetBlobClient(name).OpenReadAsync(cancellationToken: cancellationToken))
        {
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(raw, cancellationToken)) != sha256)
                throw new PermanentFailureException(SnapshotCodes.Tampered, $"{container.Uri}/{name} is not the manifest that was sealed");
        }

        await using var stored = await container.GetBlobClient(name).OpenReadAsync(cancellationToken: cancellationToken);
        await using var plain = new GZipStream(stored, CompressionMode.Decompress);
        using var lines = new StreamReader(plain);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
            yield return JsonSerializer.Deserialize<SnapshotEntry>(line, SnapshotJson.Options)!;
    }
}
