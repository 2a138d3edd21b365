using System.Collections.Concurrent;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Tests.Migrations;

/// <summary>Documents in memory, with the same conditions as a blob container has.</summary>
internal sealed class InMemoryDocuments : IDocumentStore
{
    private readonly ConcurrentDictionary<string, StoredDocument> documents = new(StringComparer.Ordinal);
    private int versions;

    /// <summary>What every read fails with.</summary>
    public Exception? Broken { get; set; }

    public int Writes => versions;

    public Task<bool> CreateAsync(string path, BinaryData content, CancellationToken cancellationToken) => Task.FromResult(documents.TryAdd(path, New(content)));

    public Task PutAsync(string path, BinaryData content, CancellationToken cancellationToken)
    {
        documents[path] = New(content);
        return Task.CompletedTask;
    }

    public Task<bool> ReplaceAsync(string path, BinaryData content, string etag, CancellationToken cancellationToken) =>
        Task.FromResult(documents.TryGetValue(path, out var stands) && stands.ETag == etag && documents.TryUpdate(path, New(content), stands));

    public Task<StoredDocument?> ReadAsync(string path, CancellationToken cancellationToken) => Broken is { } broken ? Task.FromException<StoredDocument?>(broken) : Task.FromResult(documents.GetValueOrDefault(path));

    public Task CheckAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private StoredDocument New(BinaryData content) => new(content, $"\"{Interlocked.Increment(ref versions)}\"");
}
