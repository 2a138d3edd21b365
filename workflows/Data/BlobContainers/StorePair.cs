using System.Collections.Concurrent;
using Azure.Storage.Blobs;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>What this process has learned of copying between two containers: how many requests at a time they bear, and which way is the quicker.</summary>
internal sealed class StorePairs(BlobStores stores, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string From, string To), (AdaptiveGate Gate, CopyRoutes Routes)> _pairs = new();

    /// <summary>Opens both for one batch.</summary>
    public async Task<StorePair> OpenAsync(string from, string to, BatchProgress progress, CancellationToken cancellationToken)
    {
        var (gate, routes) = _pairs.GetOrAdd((from, to), _ => (new AdaptiveGate(ObjectCopier.Parallelism, time), new CopyRoutes(time)));
        var (read, written) = (stores.Container(from, gate), stores.Container(to, gate));
        var sameAccount = read.AccountName == written.AccountName && read.Uri.Authority == written.Uri.Authority;
        var server = new ServerSideCopy(await stores.SourceAsync(from, cancellationToken), routes, sameAccount);
        return new StorePair(read, written, new ObjectCopier(read, written, gate, server, moved: bytes => progress.Add(0, bytes)));
    }
}

internal sealed record StorePair(BlobContainerClient From, BlobContainerClient To, ObjectCopier Copier);
