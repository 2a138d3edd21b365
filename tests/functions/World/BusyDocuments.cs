using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.World;

/// <summary>A store during whose first read of one document something else happens.</summary>
public sealed class BusyDocuments(IDocumentStore store, string watched, Func<Task> meanwhile) : IDocumentStore
{
    private int _reads;

    public Task<bool> CreateAsync(string path, BinaryData content, CancellationToken cancellationToken) => store.CreateAsync(path, content, cancellationToken);

    public Task PutAsync(string path, BinaryData content, CancellationToken cancellationToken) => store.PutAsync(path, content, cancellationToken);

    public Task<bool> ReplaceAsync(string path, BinaryData content, string etag, CancellationToken cancellationToken) => store.ReplaceAsync(path, content, etag, cancellationToken);

    public async Task<StoredDocument?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (path == watched && Interlocked.Increment(ref _reads) == 1) await meanwhile();
        return await store.ReadAsync(path, cancellationToken);
    }

    public Task CheckAsync(CancellationToken cancellationToken) => store.CheckAsync(cancellationToken);
}
