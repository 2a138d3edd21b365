using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Xml;
using Orchestrator.Local.AzureEmulator.Groups;

namespace Orchestrator.Local.AzureEmulator.Deployments;

/// <summary>One deployment at a group, with what became of each of its resources.</summary>
internal sealed class Deployment(ResourceGroup group, string name, Template template, string mode)
{
    private readonly Lock _sync = new();
    private readonly List<JsonObject> _operations = [];
    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;

    public string Id => $"{group.Id}/providers/Microsoft.Resources/deployments/{name}";

    public string Name => name;

    public ResourceGroup Group => group;

    public Template Template => template;

    public string Mode => mode;

    /// <summary>Twenty digits; the last operation has the same id.</summary>
    public string OperationStatusId { get; } = $"0858{RandomNumberGenerator.GetInt32(1_000_000_000):D9}{RandomNumberGenerator.GetInt32(10_000_000):D7}";

    public string CorrelationId { get; init; } = Guid.NewGuid().ToString();

    public CancellationTokenSource Cancellation { get; } = new();

    public string State { get; private set; } = "Accepted";

    public DateTimeOffset Timestamp { get; private set; } = DateTimeOffset.UtcNow;

    public JsonObject? Error { get; private set; }

    public JsonObject? Outputs { get; private set; }

    public bool Ended => State is "Succeeded" or "Failed" or "Canceled";

    public void Run() => State = "Running";

    public void End(string state, JsonObject? error = null, JsonObject? outputs = null)
    {
        (Error, Outputs, Timestamp) = (error, outputs, DateTimeOffset.UtcNow);
        State = state;
    }

    public void Add(JsonObject operation)
    {
        lock (_sync) _operations.Add(operation);
    }

    public JsonArray Operations()
    {
        lock (_sync) return [.. _operations.Select(operation => operation.DeepClone())];
    }

    public JsonObject ToJson()
    {
        var resources = template.Resources.Where(resource => !resource.Existing).ToList();
        var properties = new JsonObject
        {
            ["templateHash"] = template.Hash,
            ["parameters"] = template.ShownParameters.DeepClone(),
            ["mode"] = mode,
            ["provisioningState"] = State,
            ["timestamp"] = $"{Timestamp.UtcDateTime:O}",
            ["duration"] = XmlConvert.ToString(Timestamp - _started),
            ["correlationId"] = CorrelationId,
            ["providers"] = new JsonArray([.. resources.GroupBy(resource => resource.Type.Split('/')[0]).Select(Provider)]),
            ["dependencies"] = new JsonArray([.. resources.Where(resource => resource.DependsOn.Count > 0).Select(Dependency)]),
        };
        if (Outputs is not null) properties["outputs"] = Outputs.DeepClone();
        if (State is "Succeeded") properties["outputResources"] = new JsonArray([.. resources.Select(resource => (JsonNode?)new JsonObject { ["id"] = resource.Id })]);
        if (Error is not null) properties["error"] = Error.DeepClone();
        return new JsonObject { ["id"] = Id, ["name"] = name, ["type"] = "Microsoft.Resources/deployments", ["properties"] = properties };
    }

    private JsonNode Provider(IGrouping<string, TemplateResource> provider) => new JsonObject
    {
        ["namespace"] = provider.Key,
        ["resourceTypes"] = new JsonArray([.. provider.Select(resource => resource.Type).Distinct().Select(type => (JsonNode?)new JsonObject
        {
            ["resourceType"] = type[(provider.Key.Length + 1)..],
            ["locations"] = new JsonArray(group.Location),
        })]),
    };

    private static JsonNode Dependency(TemplateResource resource)
    {
        var json = Named(resource);
        json["dependsOn"] = new JsonArray([.. resource.DependsOn.Select(Named)]);
        return json;
    }

    private static JsonObject Named(TemplateResource resource) => new()
    {
        ["id"] = resource.Id,
        ["resourceType"] = resource.Type,
        ["resourceName"] = resource.Name,
    };
}

internal sealed class DeploymentStore : IGroupContents
{
    private readonly ConcurrentDictionary<string, Deployment> _deployments = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Deployments are no resources: no list of a group's contents shows them.</summary>
    public IEnumerable<JsonObject> List(string subscription, string? group) => [];

    public Task RemoveAsync(string? subscription, string? group)
    {
        foreach (var deployment in _deployments.Values)
        {
            if (subscription is null || deployment.Id.StartsWith($"/subscriptions/{subscription}/resourceGroups/{group}/", StringComparison.OrdinalIgnoreCase)) Remove(deployment);
        }

        return Task.CompletedTask;
    }

    public IEnumerable<Deployment> Of(ResourceGroup group) =>
        _deployments.Values.Where(deployment => deployment.Group == group).OrderByDescending(deployment => deployment.Timestamp);

    public Deployment? Find(ResourceGroup group, string name) => _deployments.GetValueOrDefault($"{group.Id}/{name}");

    public void Put(Deployment deployment) => _deployments[$"{deployment.Group.Id}/{deployment.Name}"] = deployment;

    public void Remove(Deployment deployment) => _deployments.TryRemove($"{deployment.Group.Id}/{deployment.Name}", out _);
}
