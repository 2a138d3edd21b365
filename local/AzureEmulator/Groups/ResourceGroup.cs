using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Groups;

internal sealed class ResourceGroup(string subscription, string name, string location)
{
    public string Id => $"/subscriptions/{subscription}/resourceGroups/{Name}";

    public string Subscription => subscription;

    public string Name { get; } = name;

    public string Location { get; } = location;

    public JsonObject? Tags { get; set; }

    public string? ManagedBy { get; set; }

    public bool Deleting { get; set; }

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["id"] = Id, ["name"] = Name, ["type"] = "Microsoft.Resources/resourceGroups", ["location"] = Location };
        if (ManagedBy is not null) json["managedBy"] = ManagedBy;
        if (Tags is not null) json["tags"] = Tags.DeepClone();
        json["properties"] = new JsonObject { ["provisioningState"] = Deleting ? "Deleting" : "Succeeded" };
        return json;
    }
}

/// <summary>The groups that exist, and the subscriptions they are in.</summary>
internal sealed class GroupStore(EmulatorOptions options)
{
    private readonly ConcurrentDictionary<string, ResourceGroup> _groups = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, byte> _seen = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The declared subscriptions; without any, those that calls have named.</summary>
    public IEnumerable<string> Subscriptions => options.Subscriptions.Count > 0 ? options.Subscriptions : _seen.Keys;

    public void RequireSubscription(string subscription)
    {
        if (!Guid.TryParse(subscription, out _))
            throw Arm.ArmException.Of(400, "InvalidSubscriptionId", $"The provided subscription identifier '{subscription}' is malformed or invalid.");
        if (options.Subscriptions.Count > 0 && !options.Subscriptions.Contains(subscription, StringComparer.OrdinalIgnoreCase))
            throw Arm.ArmException.GatewayNotFound("SubscriptionNotFound", $"The subscription '{subscription}' could not be found.");
        _seen.TryAdd(subscription, 0);
    }

    public ResourceGroup? Find(string subscription, string name) => _groups.GetValueOrDefault(Key(subscription, name));

    public ResourceGroup Require(string subscription, string name) => Find(subscription, name)
        ?? throw Arm.ArmException.GatewayNotFound("ResourceGroupNotFound", $"Resource group '{name}' could not be found.");

    public IEnumerable<ResourceGroup> List(string subscription) =>
        _groups.Values.Where(group => group.Subscription.Equals(subscription, StringComparison.OrdinalIgnoreCase)).OrderBy(group => group.Name, StringComparer.Ordinal);

    public void Add(ResourceGroup group) => _groups[Key(group.Subscription, group.Name)] = group;

    public void Remove(ResourceGroup group) => _groups.TryRemove(Key(group.Subscription, group.Name), out _);

    public void Clear() => _groups.Clear();

    private static string Key(string subscription, string name) => $"{subscription}/{name}";
}
