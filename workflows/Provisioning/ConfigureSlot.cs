using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Provisioning;

/// <summary>The slot has production's configuration with the release's changes, and its data settings name the targets.</summary>
public sealed class ConfigureSlot(RunDocuments documents, AppService apps, SiteLease lease)
{
    // The members of config/web that belong to the content; the rest (scale, networks, certificates) stays with the slot.
    private static readonly string[] Carried =
    [
        "appCommandLine", "linuxFxVersion", "windowsFxVersion", "netFrameworkVersion", "nodeVersion", "pythonVersion", "phpVersion", "javaVersion", "use32BitWorkerProcess",
        "webSocketsEnabled", "alwaysOn", "http20Enabled", "minTlsVersion", "ftpsState", "healthCheckPath", "managedPipelineMode",
    ];

    [Function(nameof(ConfigureSlot))]
    public async Task RunAsync([ActivityTrigger] SlotOrder order, CancellationToken cancellationToken)
    {
        var spec = await documents.ReadSpecAsync(order.Hold.RunId, cancellationToken);
        var slotId = new SiteId(order.Hold.Site).SlotId(order.Slot);
        var settings = await apps.ReadAppSettingsAsync(order.Hold.Site, cancellationToken);
        var strings = await apps.ReadConnectionStringsAsync(order.Hold.Site, cancellationToken);
        var config = await apps.ReadConfigAsync(order.Hold.Site, cancellationToken);

        await lease.DemandAsync(order.Hold, cancellationToken);
        await apps.PatchConfigAsync(slotId, Overlay(config, spec.Release), cancellationToken);
        if (strings.Count > 0) await apps.WriteConnectionStringsAsync(slotId, strings, cancellationToken);
        await apps.WriteAppSettingsAsync(slotId, Compose(settings, spec), cancellationToken);
    }

    internal static IReadOnlyDictionary<string, string> Compose(IReadOnlyDictionary<string, string> production, MigrationSpec spec)
    {
        var composed = new Dictionary<string, string>(production, StringComparer.Ordinal);
        foreach (var name in spec.Release.RemoveAppSettings) composed.Remove(name);
        foreach (var (name, value) in spec.Release.AppSettings) composed[name] = value;
        foreach (var data in spec.Data)
            if (data.Setting is { } setting) composed[setting] = data.Target;
        return composed;
    }

    private static JsonObject Overlay(JsonObject production, ReleaseSpec release)
    {
        var overlaid = new JsonObject();
        foreach (var name in Carried)
            if (production[name] is { } value) overlaid[name] = value.DeepClone();
        if (release.SiteConfig is { } changes)
            foreach (var member in changes.EnumerateObject()) overlaid[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        return overlaid;
    }
}
