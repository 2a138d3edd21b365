using Azure;
using Azure.Storage.Blobs.Models;

namespace Orchestrator.Workflows.Migrations;

/// <summary>Documents as block blobs of the state container, audit logs of theirs; each is made when it is missing.</summary>
public sealed class BlobDocumentStore(StateContainer container) : IDocumentStore
{
    public async Task<bool> CreateAsync(string path, BinaryData content, CancellationToken cancellationToken)
    {
        try
        {
            await UploadAsync(path, content, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken);
            return true;
        }
        catch (RequestFailedException refused) when (refused.Status is 409 or 412 && refused.ErrorCode != BlobErrorCode.ContainerBeingDeleted)
        {
            return false;
        }
    }

    public Task PutAsync(string path, BinaryData content, CancellationToken cancellationToken) => UploadAsync(path, content, conditions: null, cancellationToken);

    public async Task<bool> ReplaceAsync(string path, BinaryData content, string etag, CancellationToken cancellationToken)
    {
        try
        {
            await UploadAsync(path, content, new BlobRequestConditions { IfMatch = new ETag(etag) }, cancellationToken);
            return true;
        }
        catch (RequestFailedException refused) when (refused.Status is 412)
        {
            return false;
        }
    }

    public async Task<StoredDocument?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await container.For(path).GetBlobClient(path).DownloadContentAsync(cancellationToken);
            return new StoredDocument(answer.Value.Content, answer.Value.Details.ETag.ToString());
        }
        catch (RequestFailedException missing) when (missing.Status is 404)
        {
            return null;
        }
    }

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        foreach (var client in container.All)
            await client.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
    }

    private async Task UploadAsync(string path, BinaryData content, BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions { Conditions = conditions, HttpHeaders = new BlobHttpHeaders { ContentType = ContentType(path) } };
        try
        {
            await container.For(path).GetBlobClient(path).UploadAsync(content, options, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await container.For(path).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await container.For(path).GetBlobClient(path).UploadAsync(content, options, cancellationToken);
        }
    }

    private static string ContentType(string path) => Path.GetExtension(path) switch
    {
        ".json" => "application/json",
        ".jsonl" => "application/x-ndjson",
        ".md" => "text/markdown; charset=utf-8",
        ".html" => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    };
}
