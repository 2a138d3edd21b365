using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Storm;

/// <summary>What ARM shows of production and of the slot, and what belongs to neither.</summary>
/// <param name="Slot">Null when there is no slot.</param>
/// <param name="Sticky">The names of the settings that stay with their place.</param>
/// <param name="Traffic">The ramp-up rules.</param>
/// <param name="Preview">The slot that is prepared to be swapped in, and the operation under way, if any.</param>
internal sealed record Places(Place Production, Place? Slot, string Sticky, string Traffic, string? Preview)
{
    public static async Task<Places> ReadAsync(StormWorld world, CancellationToken cancellationToken)
    {
        var state = await world.Control.StateAsync(cancellationToken);
        var slots = state["slots"]!.AsArray().ToDictionary(slot => $"{slot!["name"]}", slot => slot!);
        var site = (await world.Arm.GetAsync(StormSpec.Site, cancellationToken))!["properties"]!;
        var web = (await world.Arm.GetAsync($"{StormSpec.Site}/config/web", cancellationToken))!["properties"]!;
        return new Places(
            await PlaceAsync(world, StormSpec.Site, cancellationToken),
            slots.ContainsKey(StormSpec.Slot) ? await PlaceAsync(world, $"{StormSpec.Site}/slots/{StormSpec.Slot}", cancellationToken) : null,
            (await world.Arm.GetAsync($"{StormSpec.Site}/config/slotConfigNames", cancellationToken))!["properties"]!.ToJsonString(),
            web["experiments"]?["rampUpRules"]?.ToJsonString() ?? "[]",
            site["targetSwapSlot"]?.ToString() ?? site["inProgressOperationId"]?.ToString() ?? state["preparedSwap"]?.ToString());
    }

    private static async Task<Place> PlaceAsync(StormWorld world, string id, CancellationToken cancellationToken)
    {
        var site = await world.Arm.GetAsync(id, cancellationToken);
        var settings = await world.Arm.SettingsAsync(id, cancellationToken);
        var web = (JsonObject)(await world.Arm.GetAsync($"{id}/config/web", cancellationToken))!["properties"]!.DeepClone();
        web.Remove("experiments");
        return new Place(
            $"{site!["properties"]!["deploymentId"]}",
            JsonSerializer.Serialize(settings.OrderBy(setting => setting.Key, StringComparer.Ordinal).ToDictionary()),
            JsonSerializer.Serialize(web.OrderBy(setting => setting.Key, StringComparer.Ordinal).ToDictionary()));
    }
}

/// <summary>One side: its content, its app settings and its site configuration.</summary>
internal sealed record Place(string DeploymentId, string Settings, string Web)
{
    public string Unlike(Place wanted) => string.Join("; ", new[] { (DeploymentId, wanted.DeploymentId), (Settings, wanted.Settings), (Web, wanted.Web) }
        .Where(pair => pair.Item1 != pair.Item2).Select(pair => $"{pair.Item1}, not {pair.Item2}"));

    public string OrdersUrl => JsonNode.Parse(Settings)!["ORDERS_URL"]!.ToString();
}
