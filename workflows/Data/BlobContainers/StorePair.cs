using System.Collections.Concurrent;
using Azure.Storage.Blobs;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>What this process has learned of copying between two accounts: how many requests at a time they bear, and which way is the quicker.</summary>
internal sealed class StorePairs(BlobStores stores, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string From, string To), (AdaptiveGate Gate, CopyRoutes Routes)> _pairs = new();

    /// <summary>Opens both for one batch.</summary>
    public async Task<StorePair> OpenAsync(string from, string to, CopyPace? pace, BatchProgress progress, CancellationToken cancellationToken)
    {
        var (gate, routes) = _pairs.GetOrAdd((AccountOf(from), AccountOf(to)), _ => (new AdaptiveGate(ObjectCopier.Parallelism, time), new CopyRoutes(time)));
        var unanswered = new UnansweredWrites();
        var (read, written) = (stores.Container(from, gate), stores.Container(to, gate, unanswered));
        var sameAccount = AccountOf(from) == AccountOf(to);
        var server = new ServerSideCopy(await stores.SourceAsync(from, cancellationToken), routes, sameAccount);
        return new StorePair(read, written, new ObjectCopier(read, written, gate, server, moved: bytes => progress.Add(0, bytes), pace), unanswered);
    }

    /// <summary>A container's URL without its name.</summary>
    private static string AccountOf(string container) => container[..container.TrimEnd('/').LastIndexOf('/')];
}

/// <param name="Unanswered">Of the writes of this batch.</param>
internal sealed record StorePair(BlobContainerClient From, BlobContainerClient To, ObjectCopier Copier, UnansweredWrites Unanswered);
