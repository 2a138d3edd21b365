using System.Collections.Concurrent;
using System.Globalization;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.World;

/// <summary>Documents in memory, with the conditional writes of the real store.</summary>
public sealed class MemoryDocuments : IDocumentStore
{
    private readonly ConcurrentDictionary<string, StoredDocument> _documents = new();
    private long _version;

    public Exception? Broken { get; set; }

    public IReadOnlyCollection<string> Paths => [.. _documents.Keys];

    public Task<bool> CreateAsync(string path, BinaryData content, CancellationToken cancellationToken) => Done(_documents.TryAdd(path, Next(content)));

    public Task PutAsync(string path, BinaryData content, CancellationToken cancellationToken)
    {
        _documents[path] = Next(content);
        return Done(true);
    }

    public Task<bool> ReplaceAsync(string path, BinaryData content, string etag, CancellationToken cancellationToken) =>
        Done(_documents.TryGetValue(path, out var stored) && stored.ETag == etag && _documents.TryUpdate(path, Next(content), stored));

    public Task<StoredDocument?> ReadAsync(string path, CancellationToken cancellationToken) => Done(_documents.GetValueOrDefault(path));

    public Task CheckAsync(CancellationToken cancellationToken) => Done(true);

    private Task<T> Done<T>(T result) => Broken is { } broken ? Task.FromException<T>(broken) : Task.FromResult(result);

    private StoredDocument Next(BinaryData content) => new(content, Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture));
}
