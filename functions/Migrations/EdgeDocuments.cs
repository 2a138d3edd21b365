using Azure;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>
/// The documents of runs for a caller who waits for an answer: a store that gives none in <see cref="Patience"/> counts as one that cannot be reached.
/// What is written here is only ever created, so a call that was given up can be repeated as it is.
/// </summary>
public sealed class EdgeDocuments(RunDocuments documents, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>False, and nothing written, when there is one already.</summary>
    public Task<bool> CreateAsync<T>(string path, T document, CancellationToken cancellationToken) =>
        InTimeAsync(token => documents.CreateAsync(path, document, token), cancellationToken);

    /// <summary>Null when there is none.</summary>
    public Task<T?> ReadAsync<T>(string path, CancellationToken cancellationToken)
        where T : class =>
        InTimeAsync(token => documents.ReadAsync<T>(path, token), cancellationToken);

    /// <summary>The bytes as they stand; null when there are none.</summary>
    public Task<BinaryData?> ReadRawAsync(string path, CancellationToken cancellationToken) =>
        InTimeAsync(token => documents.ReadRawAsync(path, token), cancellationToken);

    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RequestFailedException($"The blob store gave no answer in {Patience.TotalSeconds} s.", late);
        }
    }
}
