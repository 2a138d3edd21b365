using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>Where snapshots of configurations are kept.</summary>
public sealed class ConfigurationStore(BlobStores stores, StateContainer state)
{
    /// <param name="container">Null: the orchestrator's own.</param>
    public BlobContainerClient Container(string? container) => container is { } url ? stores.Container(url) : state.Client;

    /// <summary>A snapshot as it is kept; null where there is none.</summary>
    internal async Task<byte[]?> ReadAsync(string? container, string blob, CancellationToken cancellationToken) =>
        await new SnapshotStore(Container(container)).ReadBytesAsync(blob, range: default, cancellationToken);

    internal async Task<SiteConfiguration?> FindAsync(string? container, string blob, CancellationToken cancellationToken) =>
        await ReadAsync(container, blob, cancellationToken) is { } content ? SiteConfiguration.Of((JsonObject)JsonNode.Parse(content)!) : null;
}
