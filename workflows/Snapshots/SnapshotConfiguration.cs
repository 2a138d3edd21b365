using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// Keeps configuration, settings, sticky names, slots and the group's template in the snapshot container, reads it back and
/// compares. Create-only: a second call finds the first one's snapshot. It holds settings' values: guard the container.
/// </summary>
/// <exception cref="PermanentFailureException">MIG0215: what was read back is not what was written.</exception>
public sealed class SnapshotConfiguration(AppService apps, Deployments deployments, ConfigurationStore store, Retention retention, TimeProvider time)
{
    public const string NotReadBack = "MIG0215";

    [Function(nameof(SnapshotConfiguration))]
    public async Task<ConfigurationSnapshot> RunAsync([ActivityTrigger] ConfigurationOrder order, CancellationToken cancellationToken)
    {
        var container = store.Container(order.Container);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var blob = container.GetBlobClient(ConfigurationOrder.BlobOf(order.RunId, order.Name));

        var content = new BinaryData(JsonSerializer.SerializeToUtf8Bytes(await ReadAsync(new SiteId(order.Site), cancellationToken)));
        var kept = await KeepAsync(blob, content, cancellationToken);
        var readBack = (await blob.DownloadContentAsync(cancellationToken)).Value.Content;
        if (!readBack.ToMemory().Span.SequenceEqual(kept.ToMemory().Span) || JsonNode.Parse(readBack) is not JsonObject { Count: > 0 })
            throw new PermanentFailureException(NotReadBack, $"The configuration's snapshot {blob.Name} read back differs from what was written.");

        var immutable = order.RetainUntil is { } until
            && await retention.KeepAsync(container, blob.Name, new DateTimeOffset(until, TimeSpan.Zero), cancellationToken) is null;
        return new ConfigurationSnapshot(
            container.Uri.GetLeftPart(UriPartial.Path), blob.Name, Convert.ToHexStringLower(SHA256.HashData(readBack)), readBack.ToMemory().Length, immutable);
    }

    private static async Task<BinaryData> KeepAsync(BlobClient blob, BinaryData content, CancellationToken cancellationToken)
    {
        try
        {
            var options = new BlobUploadOptions
            {
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
            };
            await blob.UploadAsync(content, options, cancellationToken);
            return content;
        }
        catch (RequestFailedException exists) when (exists.Status is 409 or 412)
        {
            return (await blob.DownloadContentAsync(cancellationToken)).Value.Content;
        }
    }

    private async Task<JsonObject> ReadAsync(SiteId site, CancellationToken cancellationToken)
    {
        var found = await apps.FindAsync(site.Id, cancellationToken);
        return new JsonObject
        {
            ["formatVersion"] = 1,
            ["takenAt"] = time.GetUtcNow(),
            ["site"] = JsonSerializer.SerializeToNode(found, SpecJson.Options),
            [SiteConfiguration.AppSettings] = JsonSerializer.SerializeToNode(await apps.ReadAppSettingsAsync(site.Id, cancellationToken)),
            [SiteConfiguration.ConnectionStrings] = (await apps.ReadConnectionStringsAsync(site.Id, cancellationToken)).DeepClone(),
            [SiteConfiguration.Config] = (await apps.ReadConfigAsync(site.Id, cancellationToken)).DeepClone(),
            [SiteConfiguration.StickyNames] = (await apps.ReadStickyNamesAsync(site.Id, cancellationToken)).DeepClone(),
            ["slots"] = JsonSerializer.SerializeToNode(await apps.ListSlotsAsync(site.Id, cancellationToken), SpecJson.Options),
            ["template"] = await deployments.ExportAsync(site.GroupId, cancellationToken),
        };
    }
}
