using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Groups;

namespace Orchestrator.Local.AzureEmulator.Storage;

internal sealed class StorageAccount(string subscription, string group, string name, string location)
{
    public string Subscription => subscription;

    public string Group => group;

    public string Name => name;

    public string Location => location;

    public string Id => $"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{name}";

    public required string Sku { get; set; }

    public required string Kind { get; set; }

    public JsonObject Tags { get; set; } = [];

    /// <summary>As given in the body: encryption, TLS version, access rules and so on.</summary>
    public JsonObject Properties { get; set; } = [];

    public DateTimeOffset Created { get; } = DateTimeOffset.UtcNow;

    public required string[] Keys { get; set; }

    public JsonObject BlobServices { get; } = [];

    /// <summary>Containers made through ARM, with their properties; those made on the blob server itself are asked for there.</summary>
    public ConcurrentDictionary<string, JsonObject> Containers { get; } = new(StringComparer.Ordinal);

    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));

    public JsonObject ToJson(string blobEndpoint)
    {
        var properties = new JsonObject
        {
            ["keyCreationTime"] = new JsonObject { ["key1"] = $"{Created:O}", ["key2"] = $"{Created:O}" },
            ["privateEndpointConnections"] = new JsonArray(),
            ["minimumTlsVersion"] = "TLS1_0",
            ["allowBlobPublicAccess"] = true,
            ["networkAcls"] = new JsonObject
            {
                ["bypass"] = "AzureServices",
                ["virtualNetworkRules"] = new JsonArray(),
                ["ipRules"] = new JsonArray(),
                ["defaultAction"] = "Allow",
            },
            ["supportsHttpsTrafficOnly"] = true,
            ["accessTier"] = "Hot",
        };
        Json.Merge(properties, Properties);
        properties["provisioningState"] = "Succeeded";
        properties["creationTime"] = $"{Created:O}";
        properties["primaryEndpoints"] = new JsonObject { ["blob"] = $"{blobEndpoint.TrimEnd('/')}/{Name}/" };
        properties["primaryLocation"] = Locations.Code(Location);
        properties["statusOfPrimary"] = "available";
        return new JsonObject
        {
            ["sku"] = new JsonObject { ["name"] = Sku, ["tier"] = Sku.Split('_')[0] },
            ["kind"] = Kind,
            ["id"] = Id,
            ["name"] = Name,
            ["type"] = "Microsoft.Storage/storageAccounts",
            ["location"] = Locations.Code(Location),
            ["tags"] = Tags.DeepClone(),
            ["properties"] = properties,
        };
    }
}

/// <summary>All accounts. Their names are unique over all subscriptions.</summary>
internal sealed class StorageStore
{
    private readonly ConcurrentDictionary<string, StorageAccount> _accounts = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, byte> _coming = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<StorageAccount> Of(string subscription, string? group) => _accounts.Values
        .Where(account => account.Subscription.Equals(subscription, StringComparison.OrdinalIgnoreCase))
        .Where(account => group is null || account.Group.Equals(group, StringComparison.OrdinalIgnoreCase))
        .OrderBy(account => account.Name, StringComparer.Ordinal);

    public bool Exists(string name) => _accounts.ContainsKey(name) || _coming.ContainsKey(name);

    /// <returns>False when the name is taken or being made.</returns>
    public bool Reserve(string name) => !_accounts.ContainsKey(name) && _coming.TryAdd(name, 0);

    public void Add(StorageAccount account)
    {
        _accounts[account.Name] = account;
        _coming.TryRemove(account.Name, out _);
    }

    public StorageAccount? Find(ArmTarget target) =>
        _accounts.TryGetValue(target.Names[0], out var account)
        && account.Group.Equals(target.Group, StringComparison.OrdinalIgnoreCase)
        && account.Subscription.Equals(target.Subscription, StringComparison.OrdinalIgnoreCase) ? account : null;

    public StorageAccount Require(ArmRequest request) => Find(request.Target)
        ?? throw ArmException.ResourceNotFound($"Microsoft.Storage/storageAccounts/{request.Target.Names[0]}", request.Target.Group!);

    public bool Remove(StorageAccount account) => _accounts.TryRemove(account.Name, out _);

    public void Clear()
    {
        _accounts.Clear();
        _coming.Clear();
    }
}
