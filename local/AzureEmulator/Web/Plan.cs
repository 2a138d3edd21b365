using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Groups;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>An App Service plan (server farm).</summary>
internal sealed record Plan(string Subscription, string Group, string Name, string Location, string Kind, string SkuName, int Capacity, JsonObject? Tags, JsonObject Properties)
{
    public string Id => $"/subscriptions/{Subscription}/resourceGroups/{Group}/providers/Microsoft.Web/serverfarms/{Name}";

    public string Tier => TierOf(SkuName);

    public static int SlotLimit(string tier) => tier switch
    {
        "Free" or "Shared" or "Basic" => 0,
        "Standard" => 5,
        _ => 20,
    };

    public JsonObject Sku => new()
    {
        ["name"] = SkuName,
        ["tier"] = Tier,
        ["size"] = SkuName,
        ["family"] = SkuName[..1],
        ["capacity"] = Capacity,
    };

    public JsonObject ToJson(string location, int sites) => new()
    {
        ["id"] = Id,
        ["name"] = Name,
        ["type"] = "Microsoft.Web/serverfarms",
        ["kind"] = Kind,
        ["location"] = location,
        ["tags"] = Tags?.DeepClone(),
        ["properties"] = new JsonObject
        {
            ["serverFarmId"] = Math.Abs(Id.GetHashCode(StringComparison.OrdinalIgnoreCase) % 100_000),
            ["name"] = Name,
            ["sku"] = Sku,
            ["workerSize"] = "Small",
            ["workerSizeId"] = 0,
            ["numberOfWorkers"] = Capacity,
            ["currentWorkerSize"] = "Small",
            ["currentNumberOfWorkers"] = Capacity,
            ["status"] = "Ready",
            ["webSpace"] = $"{Group}-{Locations.Display(Location).Replace(" ", "", StringComparison.Ordinal)}webspace",
            ["maximumNumberOfWorkers"] = 10,
            ["planName"] = "VirtualDedicatedPlan",
            ["computeMode"] = "Dedicated",
            ["geoRegion"] = Locations.Display(Location),
            ["perSiteScaling"] = Properties.Flag("perSiteScaling") ?? false,
            ["numberOfSites"] = sites,
            ["kind"] = Kind,
            ["resourceGroup"] = Group,
            ["reserved"] = Properties.Flag("reserved") ?? false,
            ["isXenon"] = false,
            ["hyperV"] = false,
            ["provisioningState"] = "Succeeded",
            ["zoneRedundant"] = Properties.Flag("zoneRedundant") ?? false,
        },
        ["sku"] = Sku,
    };

    private static string TierOf(string sku) => sku.ToUpperInvariant() switch
    {
        ['F', ..] => "Free",
        ['D', ..] => "Shared",
        ['B', ..] => "Basic",
        ['S', ..] => "Standard",
        [.., 'V', '2'] => "PremiumV2",
        [.., 'V', '3'] => "PremiumV3",
        ['P', ..] => "Premium",
        ['I', ..] => "Isolated",
        _ => "Standard",
    };
}

internal sealed class PlanStore
{
    private readonly ConcurrentDictionary<string, Plan> _plans = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<Plan> All => _plans.Values.OrderBy(plan => plan.Id, StringComparer.Ordinal);

    public Plan? Find(string id) => _plans.GetValueOrDefault(ArmTarget.Normalize(id));

    public Plan Require(string id) => Find(id) ?? throw WebErrors.Of(
        404, "NotFound", $"Cannot find ServerFarm with name {id.Split('/')[^1]}.", "51004", "Cannot find {0} with name {1}.", "ServerFarm", id.Split('/')[^1]);

    public void Put(Plan plan) => _plans[plan.Id] = plan;

    public bool Remove(string id) => _plans.TryRemove(id, out _);

    /// <summary>A site without a plan is treated as if it had a standard one.</summary>
    public string SkuOf(Site site) => site.ServerFarmId is { } id && Find(id) is { } plan ? plan.Tier : "Standard";
}
