using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Groups;

namespace Orchestrator.Local.AzureEmulator.Monitor;

/// <summary>Metric alert rules and action groups. They are kept and nothing more: no rule fires here.</summary>
internal sealed class AlertsApi(GroupStore groups) : IGroupContents
{
    private const string Rules = "Microsoft.Insights/metricAlerts";
    private const string ActionGroups = "Microsoft.Insights/actionGroups";
    private static readonly string[] Frequencies = ["PT1M", "PT5M", "PT15M", "PT30M", "PT1H"];
    private static readonly string[] Windows = [.. Frequencies, "PT6H", "PT12H", "P1D"];
    private static readonly string[] Operators = ["GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual", "Equals"];
    private static readonly string[] Aggregations = ["Average", "Minimum", "Maximum", "Total", "Count"];
    private readonly MonitorStore _store = new();

    public void Map(ArmRouter router)
    {
        Map(router, Rules, CheckRule, added: 200);
        Map(router, ActionGroups, CheckActionGroup, added: 201);
    }

    public IEnumerable<JsonObject> List(string subscription, string? group) => _store.Of(subscription, group).Select(resource => new JsonObject
    {
        ["id"] = resource.Id, ["name"] = resource.Name, ["type"] = resource.Type, ["location"] = resource.Location, ["tags"] = resource.Tags?.DeepClone(),
    });

    public Task RemoveAsync(string? subscription, string? group)
    {
        foreach (var resource in _store.Of(subscription, group).ToList()) _store.Remove(resource.Id);
        return Task.CompletedTask;
    }

    private void Map(ArmRouter router, string type, Action<JsonNode?> check, int added)
    {
        var pattern = $"{type}/*";
        router.Map("PUT", pattern, request => Put(request, type, check, added));
        router.Map("GET", pattern, request => ArmResponse.Ok(Require(request, type).ToJson()));
        router.Map("DELETE", pattern, request => new ArmResponse(_store.Remove(IdOf(request.Target, type)) ? 200 : 204));
        router.Map("GET", type, request => ArmResponse.List(_store.Of(request.Target.Subscription, request.Target.Group, type).Select(resource => resource.ToJson())));
    }

    private static string IdOf(ArmTarget target, string type) => $"{target.GroupId}/providers/{type}/{target.Names[0]}";

    private MonitorResource Require(ArmRequest request, string type) => _store.Find(IdOf(request.Target, type))
        ?? throw ArmException.ResourceNotFound($"{type}/{request.Target.Names[0]}", request.Target.Group!);

    private ArmResponse Put(ArmRequest request, string type, Action<JsonNode?> check, int added)
    {
        var target = request.Target;
        groups.Require(target.Subscription!, target.Group!);
        var (location, properties) = (request.BodyObject.Text("location"), request.BodyObject.At("properties"));
        if (!"global".Equals(location, StringComparison.OrdinalIgnoreCase))
            throw ArmException.Of(400, "LocationNotAvailableForResourceType", $"The provided location '{location}' is not available for resource type '{type}'. The location is 'global'.");
        check(properties);
        var resource = new MonitorResource(
            target.Subscription!, target.Group!, type, target.Names[0], location!, request.BodyObject.At("tags")?.DeepClone() as JsonObject, (JsonObject)properties!.DeepClone());
        return new ArmResponse(_store.Put(resource) ? added : 200, resource.ToJson());
    }

    private static void CheckRule(JsonNode? rule)
    {
        Demand(rule.At("severity") is JsonValue severity && severity.TryGetValue<int>(out var number) && number is >= 0 and <= 4, "severity", "a whole number from 0 to 4");
        Demand(rule.Flag("enabled") is not null, "enabled", "true or false");
        Demand(rule.At("scopes") is JsonArray { Count: > 0 }, "scopes", "a list of resource ids");
        Demand(IsOneOf(rule.Text("evaluationFrequency"), Frequencies), "evaluationFrequency", string.Join(", ", Frequencies));
        Demand(IsOneOf(rule.Text("windowSize"), Windows), "windowSize", string.Join(", ", Windows));
        Demand(rule.Text("criteria", "odata.type")?.StartsWith("Microsoft.Azure.Monitor.", StringComparison.Ordinal) == true, "criteria.odata.type", "the kind of criteria");
        Demand(rule.At("criteria", "allOf") is JsonArray { Count: > 0 } criteria && criteria.All(IsCriterion), "criteria.allOf", "criteria with name, metricName, operator, threshold and timeAggregation");
        Demand((rule.At("actions") as JsonArray ?? []).All(action => action.Text("actionGroupId") is { Length: > 0 }), "actions", "actions with an actionGroupId");
    }

    private static bool IsCriterion(JsonNode? one) =>
        one.Text("name") is { Length: > 0 } && one.Text("metricName") is { Length: > 0 } && IsOneOf(one.Text("operator"), Operators)
        && one.At("threshold") is JsonValue threshold && threshold.TryGetValue<double>(out _) && IsOneOf(one.Text("timeAggregation"), Aggregations);

    private static void CheckActionGroup(JsonNode? group) => Demand(group.Text("groupShortName") is { Length: > 0 and <= 12 }, "groupShortName", "1 to 12 characters");

    private static bool IsOneOf(string? text, string[] choices) => choices.Contains(text, StringComparer.OrdinalIgnoreCase);

    private static void Demand(bool met, string member, string wanted)
    {
        if (!met) throw ArmException.Of(400, "BadRequest", $"The property '{member}' is missing or invalid. Expected: {wanted}.");
    }
}
