using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// Finds the newest finished snapshot of a data set without listing objects: each snapshot adds a pointer of its own whose name sorts the newest first. No
/// pointer is ever changed, so runs do not get in each other's way.
/// </summary>
internal sealed class NewestSnapshots(SnapshotStore store)
{
    /// <summary>How many pointers are followed before a snapshot is taken as if it were the first.</summary>
    private const int Tries = 20;

    public async Task AddAsync(DataSet data, string runId, DateTime takenAt, CancellationToken cancellationToken) =>
        await store.CreateOrGetAsync(
            $"{Prefix(data)}{DateTime.MaxValue.Ticks - takenAt.Ticks:D19}/{runId}", new SnapshotPointer(runId, data.Name), cancellationToken);

    /// <summary>The newest that is whole and whose retention has not ended at <paramref name="at"/>; null where there is none.</summary>
    public async Task<ManifestReader?> FindAsync(DataSet data, DateTime at, CancellationToken cancellationToken)
    {
        var tries = 0;
        await foreach (var pointer in store.Container.GetBlobsAsync(BlobTraits.None, BlobStates.None, Prefix(data), cancellationToken))
        {
            if (tries++ == Tries) return null;
            if (await OpenAsync(pointer.Name[(pointer.Name.LastIndexOf('/') + 1)..], cancellationToken) is { } manifest && manifest.Header.RetainUntil > at) return manifest;
        }

        return null;
    }

    /// <summary>Null where the snapshot is unfinished, gone, tampered with or of another version: any of that only means that more is copied.</summary>
    public async Task<ManifestReader?> OpenAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            return await ManifestReader.OpenAsync(store, runId, sha256: null, cancellationToken);
        }
        catch (PermanentFailureException)
        {
            return null;
        }
    }

    private static string Prefix(DataSet data) =>
        $"newest/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{data.Kind}\n{data.Name}\n{data.Source}")).AsSpan(0, 16))}/";
}
