using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Groups;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>A site as ARM shows it. Its siteConfig reveals next to nothing: who wants the configuration reads config/web.</summary>
internal static class SiteJson
{
    public static JsonObject Of(SiteSlot slot, string sku)
    {
        var site = slot.Site;
        var scm = slot.HostLabel.ToLowerInvariant() + ".scm.azurewebsites.net";
        var json = new JsonObject
        {
            ["id"] = slot.Id,
            ["name"] = slot.FullName,
            ["type"] = slot.Type,
            ["kind"] = site.Kind,
            ["location"] = Locations.Display(site.Location),
        };
        if (slot.Tags is not null) json["tags"] = slot.Tags.DeepClone();
        if (slot.Extras["identity"] is { } identity) json["identity"] = identity.DeepClone();
        json["properties"] = new JsonObject
        {
            ["name"] = slot.IsProduction ? site.Name : $"{site.Name}({slot.Name})",
            ["state"] = slot.Stopped ? "Stopped" : "Running",
            ["hostNames"] = new JsonArray(slot.HostName),
            ["webSpace"] = WebSpace(site),
            ["repositorySiteName"] = site.Name,
            ["usageState"] = "Normal",
            ["enabled"] = !slot.Stopped,
            ["adminEnabled"] = true,
            ["enabledHostNames"] = new JsonArray(slot.HostName, scm),
            ["availabilityState"] = "Normal",
            ["hostNameSslStates"] = new JsonArray(SslState(slot.HostName, "Standard"), SslState(scm, "Repository")),
            ["serverFarmId"] = site.ServerFarmId,
            ["reserved"] = Extra(slot, "reserved", false),
            ["isXenon"] = false,
            ["hyperV"] = false,
            ["storageRecoveryDefaultState"] = "Running",
            ["contentAvailabilityState"] = "Normal",
            ["runtimeAvailabilityState"] = "Normal",
            ["lastModifiedTimeUtc"] = $"{slot.LastModified.UtcDateTime:yyyy-MM-ddTHH:mm:ss.FFF}",
            ["siteConfig"] = new JsonObject
            {
                ["numberOfWorkers"] = 1,
                ["alwaysOn"] = slot.Configuration.Web["alwaysOn"]?.DeepClone() ?? false,
                ["http20Enabled"] = slot.Configuration.Web["http20Enabled"]?.DeepClone() ?? false,
                ["appSettings"] = null,
                ["connectionStrings"] = null,
                ["healthCheckPath"] = null,
            },
            ["deploymentId"] = slot.Content.DeploymentId,
            ["targetSwapSlot"] = slot.TargetSwapSlot,
            ["slotSwapStatus"] = Status(slot.SwapStatus),
            ["slotName"] = null,
            ["sku"] = sku,
            ["clientAffinityEnabled"] = Extra(slot, "clientAffinityEnabled", true),
            ["kind"] = site.Kind,
            ["homeStamp"] = "local",
            ["tags"] = slot.Tags?.DeepClone(),
            ["resourceGroup"] = site.Group,
            ["defaultHostName"] = slot.HostName,
            ["httpsOnly"] = Extra(slot, "httpsOnly", false),
            ["redundancyMode"] = "None",
            ["inProgressOperationId"] = site.Operation?.Id.ToString(),
            ["privateEndpointConnections"] = new JsonArray(),
            ["publicNetworkAccess"] = Extra(slot, "publicNetworkAccess", "Enabled"),
            ["buildVersion"] = null,
            ["targetBuildVersion"] = null,
            ["migrationState"] = null,
            ["keyVaultReferenceIdentity"] = "SystemAssigned",
        };
        return json;
    }

    public static string WebSpace(Site site) => $"{site.Group}-{Locations.Display(site.Location).Replace(" ", "", StringComparison.Ordinal)}webspace";

    private static JsonNode? Extra(SiteSlot slot, string name, JsonNode otherwise) => slot.Extras[name]?.DeepClone() ?? otherwise;

    private static JsonObject SslState(string host, string hostType) => new()
    {
        ["name"] = host,
        ["sslState"] = "Disabled",
        ["ipBasedSslState"] = "NotConfigured",
        ["hostType"] = hostType,
    };

    private static JsonObject? Status(SwapStatus? status) => status is null ? null : new JsonObject
    {
        ["timestampUtc"] = $"{status.Timestamp.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}",
        ["sourceSlotName"] = status.Source,
        ["destinationSlotName"] = status.Destination,
    };
}
