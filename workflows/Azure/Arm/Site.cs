using System.Text.Json.Nodes;

namespace Orchestrator.Workflows.Azure.Arm;

/// <summary>What App Service says of a site or a slot. Its configuration is not in here: a site's GET does not reveal it.</summary>
/// <param name="DeploymentId">Changes places in a swap: the sign of which content runs where.</param>
/// <param name="TargetSwapSlot">The slot prepared to be swapped in, while a preview stands; else null.</param>
/// <param name="InProgressOperationId">A long operation under way; else null.</param>
public sealed record Site(
    string Id, string Location, string HostName, string ServerFarmId, string State, string? DeploymentId, string? TargetSwapSlot, string? InProgressOperationId,
    IReadOnlyDictionary<string, string> Tags)
{
    public static Site From(JsonNode body)
    {
        var properties = body["properties"]!;
        return new Site(
            body["id"]!.GetValue<string>(), Text(body["location"]) ?? "", Text(properties["defaultHostName"]) ?? "", Text(properties["serverFarmId"]) ?? "",
            Text(properties["state"]) ?? "", Text(properties["deploymentId"]), Text(properties["targetSwapSlot"]), Text(properties["inProgressOperationId"]),
            (body["tags"] as JsonObject)?.ToDictionary(t => t.Key, t => Text(t.Value) ?? "", StringComparer.OrdinalIgnoreCase) ?? []);
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.ToString() is { Length: > 0 } text ? text : null;
}
