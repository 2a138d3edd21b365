using Azure.Storage.Blobs;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Keeps the objects of one snapshot until its retention ends.</summary>
/// <param name="until">Null: nothing is kept.</param>
internal sealed class Keeper(Retention retention, BlobContainerClient snapshots, DateTimeOffset? until)
{
    /// <summary>Keeps an object that was just copied.</summary>
    public async Task<DateTimeOffset?> KeepAsync(string key, CancellationToken cancellationToken) =>
        until is { } date && await retention.KeepAsync(snapshots, key, date, cancellationToken) is null ? date : null;

    /// <summary>Keeps an object that other snapshots have too.</summary>
    /// <param name="known">Until when the newest of them keeps it.</param>
    public async Task<DateTimeOffset?> ExtendAsync(string key, DateTimeOffset? known, CancellationToken cancellationToken) =>
        until is not { } date ? null : known >= date ? known : await retention.ExtendAsync(snapshots, key, date, cancellationToken);
}
