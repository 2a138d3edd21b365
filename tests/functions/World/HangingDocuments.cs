using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.World;

/// <summary>A store that takes every call and answers none, as long as it is told to hang.</summary>
public sealed class HangingDocuments(IDocumentStore store) : IDocumentStore
{
    public bool Hangs { get; set; }

    public Task<bool> CreateAsync(string path, BinaryData content, CancellationToken cancellationToken) =>
        AnswerAsync(() => store.CreateAsync(path, content, cancellationToken), cancellationToken);

    public Task PutAsync(string path, BinaryData content, CancellationToken cancellationToken) => store.PutAsync(path, content, cancellationToken);

    public Task<bool> ReplaceAsync(string path, BinaryData content, string etag, CancellationToken cancellationToken) =>
        AnswerAsync(() => store.ReplaceAsync(path, content, etag, cancellationToken), cancellationToken);

    public Task<StoredDocument?> ReadAsync(string path, CancellationToken cancellationToken) =>
        AnswerAsync(() => store.ReadAsync(path, cancellationToken), cancellationToken);

    public Task CheckAsync(CancellationToken cancellationToken) => store.CheckAsync(cancellationToken);

    private async Task<T> AnswerAsync<T>(Func<Task<T>> answer, CancellationToken cancellationToken)
    {
        if (Hangs) await Task.Delay(Timeout.Infinite, cancellationToken);
        return await answer();
    }
}
