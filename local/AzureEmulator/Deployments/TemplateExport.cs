using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Groups;

namespace Orchestrator.Local.AzureEmulator.Deployments;

/// <summary>A group's resources written as a template. Settings and keys are secrets and stay out, as on Azure.</summary>
internal sealed class TemplateExport(ResourceCalls calls, GroupStore groups, IReadOnlyList<IGroupContents> contents)
{
    private const string WebVersion = "2022-09-01";
    private const string StorageVersion = "2023-01-01";
    private const string AlertsVersion = "2018-03-01";

    /// <summary>Of a site's or plan's properties, what one may write.</summary>
    private static readonly string[] Writable =
    [
        "serverFarmId", "httpsOnly", "clientAffinityEnabled", "reserved", "publicNetworkAccess", "perSiteScaling", "zoneRedundant",
        "minimumTlsVersion", "allowBlobPublicAccess", "supportsHttpsTrafficOnly", "accessTier", "networkAcls",
    ];

    public void Map(ArmRouter router) => router.Map("POST", "subscriptions/*/resourcegroups/*/exportTemplate", ExportAsync);

    private async Task<ArmResponse> ExportAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var group = groups.Require(request.Target.Subscription!, request.Target.Group!);
        var wanted = (request.BodyObject.At("resources") as JsonArray ?? ["*"]).Select(id => id!.GetValue<string>()).ToList();
        var listed = contents.SelectMany(provider => provider.List(group.Subscription, group.Name))
            .Where(resource => wanted.Contains("*") || wanted.Contains(resource.Text("id")!, StringComparer.OrdinalIgnoreCase))
            .OrderBy(resource => Rank(resource.Text("type")!))
            .ToList();
        var resources = new JsonArray();
        foreach (var listing in listed) resources.Add((JsonNode)await ResourceAsync(listing, listed, request));
        return ArmResponse.Ok(new JsonObject
        {
            ["template"] = new JsonObject
            {
                ["$schema"] = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                ["contentVersion"] = "1.0.0.0",
                ["parameters"] = new JsonObject(),
                ["variables"] = new JsonObject(),
                ["resources"] = resources,
            },
        });
    }

    /// <summary>Plans before sites, sites before slots.</summary>
    private static int Rank(string type) => type switch
    {
        "Microsoft.Web/sites" => 1,
        "Microsoft.Web/sites/slots" => 2,
        _ => 0,
    };

    private static string VersionOf(string type) => type.Split('/')[0] switch
    {
        "Microsoft.Storage" => StorageVersion,
        "Microsoft.Insights" => AlertsVersion,
        _ => WebVersion,
    };

    private async Task<JsonObject> ResourceAsync(JsonObject listing, IReadOnlyList<JsonObject> all, ArmRequest request)
    {
        var (id, type) = (listing.Text("id")!, listing.Text("type")!);
        var version = VersionOf(type);
        var current = await calls.FindAsync(request, "GET", id, version) ?? [];
        var exported = new JsonObject { ["type"] = type, ["apiVersion"] = version, ["name"] = listing.Text("name") };
        foreach (var member in (string[])["location", "tags", "sku", "kind"])
        {
            if (current[member] is { } value) exported[member] = value.DeepClone();
        }

        var depends = Needed(listing, current).Where(needed => all.Any(one => needed.Equals(one.Text("id"), StringComparison.OrdinalIgnoreCase)));
        exported["dependsOn"] = new JsonArray([.. depends.Select(needed => (JsonNode?)needed)]);
        var properties = new JsonObject();
        foreach (var member in Writable)
        {
            if (current["properties"]?[member] is { } value) properties[member] = value.DeepClone();
        }

        // Alert rules and action groups have nothing that only Azure writes.
        if (version == AlertsVersion && current["properties"] is JsonObject whole) properties = (JsonObject)whole.DeepClone();

        if (Rank(type) > 0) properties["siteConfig"] = (await calls.FindAsync(request, "GET", id + "/config/web", version))?["properties"]?.DeepClone();
        exported["properties"] = properties;
        return exported;
    }

    private static IEnumerable<string> Needed(JsonObject listing, JsonObject current)
    {
        if (current.Text("properties", "serverFarmId") is { } plan) yield return plan;
        var id = listing.Text("id")!;
        var slot = id.IndexOf("/slots/", StringComparison.OrdinalIgnoreCase);
        if (slot > 0) yield return id[..slot];
    }
}
