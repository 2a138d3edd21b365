using System.Text.Json.Nodes;
using Azure.Core;

namespace Orchestrator.Workflows.Azure.Arm;

/// <summary>App Service sites, slots and their configuration. A resource id below may be a site's or a slot's.</summary>
public sealed class AppService(ArmGateway arm)
{
    private const string ApiVersion = "2022-09-01";
    private static readonly int[] NotFound = [404];

    public async Task<Site?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var answer = await arm.SendAsync(RequestMethod.Get, id, ApiVersion, accept: NotFound, cancellationToken: cancellationToken);
        return answer.Status == 404 || answer.Body is null ? null : Site.From(answer.Body);
    }

    public async Task<JsonNode> GetServerFarmAsync(string id, CancellationToken cancellationToken) =>
        (await arm.SendAsync(RequestMethod.Get, id, ApiVersion, cancellationToken: cancellationToken)).Body!;

    public async Task<IReadOnlyList<Site>> ListSitesAsync(string groupId, CancellationToken cancellationToken) =>
        await ListAsync($"{groupId}/providers/Microsoft.Web/sites", cancellationToken);

    public async Task<IReadOnlyList<Site>> ListSlotsAsync(string siteId, CancellationToken cancellationToken) => await ListAsync($"{siteId}/slots", cancellationToken);

    public async Task<IReadOnlyDictionary<string, string>> ReadAppSettingsAsync(string id, CancellationToken cancellationToken)
    {
        var answer = await arm.SendAsync(RequestMethod.Post, $"{id}/config/appsettings/list", ApiVersion, cancellationToken: cancellationToken);
        return (answer["properties"] as JsonObject)?.ToDictionary(s => s.Key, s => s.Value?.ToString() ?? "", StringComparer.Ordinal) ?? [];
    }

    public Task WriteAppSettingsAsync(string id, IEnumerable<KeyValuePair<string, string>> settings, CancellationToken cancellationToken) =>
        arm.SendAsync(RequestMethod.Put, $"{id}/config/appsettings", ApiVersion, Properties(new JsonObject(settings.Select(s => KeyValuePair.Create<string, JsonNode?>(s.Key, s.Value)))),
            cancellationToken: cancellationToken);

    /// <summary>The connection strings as App Service has them, <c>{name: {value, type}}</c>: secrets, for handing on only.</summary>
    public async Task<JsonObject> ReadConnectionStringsAsync(string id, CancellationToken cancellationToken) =>
        (await arm.SendAsync(RequestMethod.Post, $"{id}/config/connectionstrings/list", ApiVersion, cancellationToken: cancellationToken))["properties"] as JsonObject ?? [];

    public Task WriteConnectionStringsAsync(string id, JsonObject strings, CancellationToken cancellationToken) =>
        arm.SendAsync(RequestMethod.Put, $"{id}/config/connectionstrings", ApiVersion, Properties(strings), cancellationToken: cancellationToken);

    public async Task<JsonObject> ReadConfigAsync(string id, CancellationToken cancellationToken) =>
        (await arm.SendAsync(RequestMethod.Get, $"{id}/config/web", ApiVersion, cancellationToken: cancellationToken))["properties"] as JsonObject ?? [];

    public Task PatchConfigAsync(string id, JsonObject properties, CancellationToken cancellationToken) =>
        arm.SendAsync(RequestMethod.Patch, $"{id}/config/web", ApiVersion, Properties(properties), cancellationToken: cancellationToken);

    /// <summary>The sticky names, which stay with their slot in a swap: <c>{appSettingNames, connectionStringNames, azureStorageConfigNames}</c>.</summary>
    public async Task<JsonObject> ReadStickyNamesAsync(string siteId, CancellationToken cancellationToken) =>
        (await arm.SendAsync(RequestMethod.Get, $"{siteId}/config/slotConfigNames", ApiVersion, cancellationToken: cancellationToken))["properties"] as JsonObject ?? [];

    public Task WriteStickyNamesAsync(string siteId, JsonObject names, CancellationToken cancellationToken) =>
        arm.SendAsync(RequestMethod.Put, $"{siteId}/config/slotConfigNames", ApiVersion, Properties(names), cancellationToken: cancellationToken);

    public Task PutSlotAsync(string slotId, string location, string serverFarmId, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken) =>
        arm.SendAsync(RequestMethod.Put, slotId, ApiVersion, new JsonObject
        {
            ["location"] = location,
            ["tags"] = new JsonObject(tags.Select(t => KeyValuePair.Create<string, JsonNode?>(t.Key, t.Value))),
            ["properties"] = new JsonObject { ["serverFarmId"] = serverFarmId },
        }, cancellationToken: cancellationToken);

    public Task DeleteSlotAsync(string slotId, CancellationToken cancellationToken) =>
        arm.SendAsync(RequestMethod.Delete, slotId, ApiVersion, query: "deleteEmptyServerFarm=false", accept: NotFound, cancellationToken: cancellationToken);

    /// <summary>Starts the deployment of a zip that the platform fetches itself. The answer's poll address says how it goes; 409: another is under way.</summary>
    public Task<ArmAnswer> DeployPackageAsync(string id, string packageUri, CancellationToken cancellationToken) =>
        arm.SendAsync(RequestMethod.Put, $"{id}/extensions/onedeploy", ApiVersion,
            Properties(new JsonObject { ["packageUri"] = packageUri, ["type"] = "zip", ["async"] = true, ["restart"] = true, ["clean"] = true }), accept: [409],
            cancellationToken: cancellationToken);

    public Task<ArmAnswer> PollAsync(Uri address, CancellationToken cancellationToken, params int[] accept) => arm.PollAsync(address, accept, cancellationToken);

    /// <summary>Swap, first phase: production's sticky settings on the slot, which restarts. Production is untouched.</summary>
    public Task ApplySlotConfigAsync(string slotId, CancellationToken cancellationToken) =>
        arm.SendAsync(RequestMethod.Post, $"{slotId}/applySlotConfig", ApiVersion, SwapWithProduction(), cancellationToken: cancellationToken);

    /// <summary>Takes the first phase back: the slot gets its own settings again.</summary>
    public Task ResetSlotConfigAsync(string id, CancellationToken cancellationToken) =>
        arm.SendAsync(RequestMethod.Post, $"{id}/resetSlotConfig", ApiVersion, accept: NotFound, cancellationToken: cancellationToken);

    /// <summary>Swap, second phase: 202 with a poll address; 409 where another operation is under way. Sent once: writes are paused.</summary>
    public Task<ArmAnswer> SwapAsync(string slotId, CancellationToken cancellationToken) =>
        arm.SendAsync(RequestMethod.Post, $"{slotId}/slotsswap", ApiVersion, SwapWithProduction(), accept: [409], once: true, cancellationToken: cancellationToken);

    private async Task<IReadOnlyList<Site>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var found = new List<Site>();
        var answer = await arm.SendAsync(RequestMethod.Get, path, ApiVersion, cancellationToken: cancellationToken);
        while (true)
        {
            found.AddRange((answer["value"] as JsonArray ?? []).Select(s => Site.From(s!)));
            if (answer.Text("nextLink") is not { Length: > 0 } next) return found;
            answer = await arm.PollAsync(new Uri(next), cancellationToken: cancellationToken);
        }
    }

    private static JsonObject Properties(JsonObject properties) => new() { ["properties"] = properties.DeepClone() };

    private static JsonObject SwapWithProduction() => new() { ["targetSlot"] = "production", ["preserveVnet"] = true };
}
