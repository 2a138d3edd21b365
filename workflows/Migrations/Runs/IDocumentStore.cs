namespace Orchestrator.Workflows.Migrations;

/// <summary>Small documents by path, with the conditional writes that make an activity bear running twice.</summary>
public interface IDocumentStore
{
    /// <summary>Writes a document that does not exist yet; false, and nothing written, when it does.</summary>
    Task<bool> CreateAsync(string path, BinaryData content, CancellationToken cancellationToken);

    /// <summary>Writes a document whatever stood there.</summary>
    Task PutAsync(string path, BinaryData content, CancellationToken cancellationToken);

    /// <summary>Writes a document only over the version that <paramref name="etag"/> names; false when another stands there.</summary>
    Task<bool> ReplaceAsync(string path, BinaryData content, string etag, CancellationToken cancellationToken);

    /// <summary>Null when there is none.</summary>
    Task<StoredDocument?> ReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>Throws where the store cannot be reached or does not let us in.</summary>
    Task CheckAsync(CancellationToken cancellationToken);
}

public sealed record StoredDocument(BinaryData Content, string ETag);
