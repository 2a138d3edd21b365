using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Groups;

/// <summary>Subscriptions and their locations.</summary>
internal sealed class SubscriptionsApi(GroupStore groups)
{
    public void Map(ArmRouter router)
    {
        router.Map("GET", "subscriptions", _ => ArmResponse.List(groups.Subscriptions.Select(Json)));
        router.Map("GET", "subscriptions/*", request => ArmResponse.Ok(Json(request.Target.Subscription!)));
        router.Map("GET", "subscriptions/*/locations", request => ArmResponse.List(Locations.All.Select(name => new JsonObject
        {
            ["id"] = $"/subscriptions/{request.Target.Subscription}/locations/{Locations.Code(name)}",
            ["name"] = Locations.Code(name),
            ["displayName"] = name,
        })));
    }

    private static JsonObject Json(string id) => new()
    {
        ["id"] = $"/subscriptions/{id}",
        ["subscriptionId"] = id,
        ["tenantId"] = Guid.Empty.ToString(),
        ["displayName"] = "Local",
        ["state"] = "Enabled",
        ["authorizationSource"] = "RoleBased",
        ["subscriptionPolicies"] = new JsonObject { ["locationPlacementId"] = "Public_2014-09-01", ["quotaId"] = "Local_2026-01-01", ["spendingLimit"] = "Off" },
    };
}
