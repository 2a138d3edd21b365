using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Groups;

/// <summary>
/// The providers with their types. Stable versions lead: generic clients take the first one, even if it is a preview, and know
/// nested types only when these are listed too.
/// </summary>
internal sealed class ProvidersApi
{
    private static readonly Dictionary<string, (string[] Versions, string[] Types)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Microsoft.Web"] = (
            ["2024-11-01", "2024-04-01", "2023-12-01", "2023-01-01", "2022-09-01", "2022-03-01", "2021-03-01", "2018-02-01"],
            ["sites", "sites/slots", "sites/config", "sites/slots/config", "sites/extensions", "sites/slots/extensions", "sites/deployments", "serverFarms"]),
        ["Microsoft.Storage"] = (
            ["2023-05-01", "2023-01-01", "2022-09-01", "2021-09-01"],
            ["storageAccounts", "storageAccounts/blobServices", "storageAccounts/blobServices/containers", "locations", "operations"]),
        ["Microsoft.Resources"] = (
            ["2022-09-01", "2021-04-01", "2020-10-01", "2020-06-01", "2019-10-01"],
            ["resourceGroups", "subscriptions", "subscriptions/resourceGroups", "deployments", "deployments/operations", "tags", "resources"]),
        ["Microsoft.Authorization"] = (["2020-05-01", "2016-09-01"], ["locks"]),
        ["Microsoft.Insights"] = (["2018-03-01", "2018-01-01", "2023-10-01", "2021-09-01", "2015-04-01"], ["metrics", "metricAlerts", "actionGroups", "eventtypes"]),
    };

    private readonly ConcurrentDictionary<string, string> _states = new(StringComparer.OrdinalIgnoreCase);

    public void Map(ArmRouter router)
    {
        router.Map("GET", "subscriptions/*/providers", request => ArmResponse.List(Known.Keys.Select(name => Json(request, name))));
        router.Map("GET", "subscriptions/*/providers/*", request => ArmResponse.Ok(Json(request, NameOf(request))));
        router.Map("POST", "subscriptions/*/providers/*/register", request => Set(request, "Registered"));
        router.Map("POST", "subscriptions/*/providers/*/unregister", request => Set(request, "NotRegistered"));
    }

    private static string NameOf(ArmRequest request)
    {
        var name = request.Target.Names[1];
        return Known.Keys.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw ArmException.GatewayNotFound("InvalidResourceNamespace", $"The resource namespace '{name}' is invalid.");
    }

    private ArmResponse Set(ArmRequest request, string state)
    {
        var name = NameOf(request);
        _states[$"{request.Target.Subscription}/{name}"] = state;
        return ArmResponse.Ok(Json(request, name));
    }

    private JsonObject Json(ArmRequest request, string name)
    {
        var (versions, types) = Known[name];
        var locations = Locations.All.Select(location => (JsonNode?)location).ToArray();
        return new JsonObject
        {
            ["id"] = $"/subscriptions/{request.Target.Subscription}/providers/{name}",
            ["namespace"] = name,
            ["registrationState"] = _states.GetValueOrDefault($"{request.Target.Subscription}/{name}", "Registered"),
            ["registrationPolicy"] = name is "Microsoft.Resources" or "Microsoft.Authorization" ? "RegistrationFree" : "RegistrationRequired",
            ["resourceTypes"] = new JsonArray([.. types.Select(type => (JsonNode?)new JsonObject
            {
                ["resourceType"] = type,
                ["locations"] = new JsonArray([.. locations.Select(location => location!.DeepClone())]),
                ["apiVersions"] = new JsonArray([.. versions.Select(version => (JsonNode?)version)]),
                ["capabilities"] = "SupportsTags, SupportsLocation",
            })]),
        };
    }
}
