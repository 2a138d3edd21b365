using System.Text.Json.Nodes;

namespace Orchestrator.Workflows.Traffic;

/// <summary>The ramp-up rules in a site's configuration. Rules of other slots are somebody else's, and stay as they are.</summary>
public static class RampRules
{
    public static IReadOnlyList<JsonObject> Of(JsonObject config) => [.. (config["experiments"]?["rampUpRules"] as JsonArray ?? []).OfType<JsonObject>()];

    public static IReadOnlyList<JsonObject> Others(JsonObject config, string slot) => [.. Of(config).Where(rule => !IsFor(rule, slot))];

    /// <summary>The slot's percentage; null where it has no rule.</summary>
    public static double? Percent(JsonObject config, string slot) => Of(config).FirstOrDefault(rule => IsFor(rule, slot)) is { } rule ? Percent(rule) : null;

    public static double Percent(JsonObject rule) => rule["reroutePercentage"] is JsonValue value && value.TryGetValue<double>(out var percent) ? percent : 0;

    public static string Name(JsonObject rule) => rule["name"]?.ToString() ?? "";

    /// <summary>What is patched in so that the others' rules stand and the slot has this one; null: none.</summary>
    public static JsonObject With(JsonObject config, string slot, JsonObject? rule) => new()
    {
        ["experiments"] = new JsonObject
        {
            ["rampUpRules"] = new JsonArray([.. Others(config, slot).Select(other => other.DeepClone()), .. rule is null ? Array.Empty<JsonNode>() : [rule]]),
        },
    };

    private static bool IsFor(JsonObject rule, string slot) => string.Equals(Name(rule), slot, StringComparison.OrdinalIgnoreCase);
}
