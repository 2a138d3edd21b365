using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Deployments;

/// <summary>
/// A resource as it stands, in the shape in which templates write it: siteConfig filled from the configuration that a site's own GET
/// does not reveal, settings from their list calls.
/// </summary>
internal sealed class CurrentState(ResourceCalls calls)
{
    /// <summary>Actions written as resources have no state to compare with.</summary>
    public static bool CannotTell(string type) => type.EndsWith("/extensions", StringComparison.OrdinalIgnoreCase);

    public async Task<JsonObject?> OfAsync(TemplateResource resource, JsonObject body, ArmRequest request)
    {
        var leaf = resource.Id[(resource.Id.LastIndexOf('/') + 1)..].ToLowerInvariant();
        var secret = resource.Type.EndsWith("/config", StringComparison.OrdinalIgnoreCase) && leaf is "appsettings" or "connectionstrings";
        var found = secret
            ? await calls.FindAsync(request, "POST", resource.Id + "/list", resource.ApiVersion)
            : await calls.FindAsync(request, "GET", resource.Id, resource.ApiVersion);
        if (found is null) return null;
        found["apiVersion"] = resource.ApiVersion;
        found["id"] = resource.Id;
        found["name"] = resource.Name;
        found["type"] = resource.Type;
        if (body.At("properties", "siteConfig") is JsonObject wanted && found["properties"] is JsonObject properties)
            properties["siteConfig"] = await SiteConfigAsync(resource, wanted, request);
        return found;
    }

    private async Task<JsonObject> SiteConfigAsync(TemplateResource resource, JsonObject wanted, ArmRequest request)
    {
        var web = await calls.FindAsync(request, "GET", resource.Id + "/config/web", resource.ApiVersion);
        var config = web?["properties"]?.DeepClone() as JsonObject ?? [];
        if (wanted.At("appSettings") is not null)
        {
            var settings = await calls.FindAsync(request, "POST", resource.Id + "/config/appsettings/list", resource.ApiVersion);
            config["appSettings"] = new JsonArray([.. (settings?["properties"] as JsonObject ?? []).Select(pair =>
                (JsonNode?)new JsonObject { ["name"] = pair.Key, ["value"] = pair.Value?.DeepClone() })]);
        }

        if (wanted.At("connectionStrings") is not null)
        {
            var strings = await calls.FindAsync(request, "POST", resource.Id + "/config/connectionstrings/list", resource.ApiVersion);
            config["connectionStrings"] = new JsonArray([.. (strings?["properties"] as JsonObject ?? []).Select(pair => (JsonNode?)new JsonObject
            {
                ["name"] = pair.Key,
                ["connectionString"] = pair.Value.Text("value"),
                ["type"] = pair.Value.Text("type"),
            })]);
        }

        return config;
    }
}
