using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Monitor;

/// <summary>An alert rule or an action group, as it was given.</summary>
internal sealed record MonitorResource(string Subscription, string Group, string Type, string Name, string Location, JsonObject? Tags, JsonObject Properties)
{
    public string Id => $"/subscriptions/{Subscription}/resourceGroups/{Group}/providers/{Type}/{Name}";

    public JsonObject ToJson() => new()
    {
        ["id"] = Id, ["name"] = Name, ["type"] = Type, ["location"] = Location, ["tags"] = Tags?.DeepClone() ?? new JsonObject(), ["properties"] = Properties.DeepClone(),
    };
}

internal sealed class MonitorStore
{
    private readonly ConcurrentDictionary<string, MonitorResource> _resources = new(StringComparer.OrdinalIgnoreCase);

    public MonitorResource? Find(string id) => _resources.GetValueOrDefault(id);

    /// <returns>Whether it is new.</returns>
    public bool Put(MonitorResource resource)
    {
        var added = !_resources.ContainsKey(resource.Id);
        _resources[resource.Id] = resource;
        return added;
    }

    public bool Remove(string id) => _resources.TryRemove(id, out _);

    /// <summary>Null stands for all of them.</summary>
    public IEnumerable<MonitorResource> Of(string? subscription, string? group, string? type = null) => _resources.Values
        .Where(resource => subscription is null || resource.Subscription.Equals(subscription, StringComparison.OrdinalIgnoreCase))
        .Where(resource => group is null || resource.Group.Equals(group, StringComparison.OrdinalIgnoreCase))
        .Where(resource => type is null || resource.Type == type)
        .OrderBy(resource => resource.Id, StringComparer.Ordinal);
}
