using System.Text.Json;

namespace Orchestrator.Workflows.Migrations;

/// <summary>A run's documents: what is too large or too private for an input, an output or a custom status. Paths are those of <see cref="RunPaths"/>.</summary>
public sealed class RunDocuments(IDocumentStore store)
{
    /// <summary>False, and nothing written, when there is one already.</summary>
    public Task<bool> CreateAsync<T>(string path, T document, CancellationToken cancellationToken) =>
        store.CreateAsync(path, ToJson(document), cancellationToken);

    public Task PutAsync<T>(string path, T document, CancellationToken cancellationToken) => store.PutAsync(path, ToJson(document), cancellationToken);

    public Task PutTextAsync(string path, string text, CancellationToken cancellationToken) =>
        store.PutAsync(path, BinaryData.FromString(text), cancellationToken);

    /// <summary>Null when there is none.</summary>
    public async Task<T?> ReadAsync<T>(string path, CancellationToken cancellationToken)
        where T : class =>
        await store.ReadAsync(path, cancellationToken) is { } stored ? JsonSerializer.Deserialize<T>(stored.Content, SpecJson.Options) : null;

    /// <summary>The bytes as they stand; null when there are none.</summary>
    public async Task<BinaryData?> ReadRawAsync(string path, CancellationToken cancellationToken) => (await store.ReadAsync(path, cancellationToken))?.Content;

    /// <exception cref="InvalidOperationException">The run has no spec: it was never started through the edge, or its documents were deleted.</exception>
    public async Task<MigrationSpec> ReadSpecAsync(string id, CancellationToken cancellationToken) =>
        await ReadAsync<MigrationSpec>(RunPaths.Spec(id), cancellationToken)
        ?? throw new InvalidOperationException($"The run {id} has no spec in the state container.");

    private static BinaryData ToJson<T>(T document) => new(JsonSerializer.SerializeToUtf8Bytes(document, SpecJson.Options));
}
