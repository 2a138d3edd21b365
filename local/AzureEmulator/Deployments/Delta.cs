using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Groups;

namespace Orchestrator.Local.AzureEmulator.Deployments;

/// <summary>The differences between a resource and what a template says of it. What the template leaves open is no difference.</summary>
internal static class Delta
{
    public static JsonArray Between(JsonObject before, JsonObject after)
    {
        var delta = new JsonArray();
        Compare(delta, "", before, after);
        return delta;
    }

    private static void Compare(JsonArray delta, string path, JsonObject before, JsonObject after)
    {
        foreach (var (name, wanted) in after)
        {
            var here = path.Length == 0 ? name : $"{path}.{name}";
            var actual = before.At(name);
            // Secure values that could not be evaluated yet stand as their expression: nothing is known of them.
            if (wanted is JsonValue leaf && leaf.TryGetValue<string>(out var text) && Expressions.ExpressionParser.IsExpression(text)) continue;
            if (wanted is JsonObject inner && actual is JsonObject existing) Compare(delta, here, existing, inner);
            else if (actual is null && wanted is not null) delta.Add((JsonNode)Entry(here, "Create", null, wanted));
            else if (!Same(name, actual, wanted)) delta.Add((JsonNode)Entry(here, wanted is null ? "Delete" : wanted is JsonArray ? "Array" : "Modify", actual, wanted));
        }
    }

    private static bool Same(string name, JsonNode? actual, JsonNode? wanted)
    {
        if (actual is JsonArray some && wanted is JsonArray others) return SameArray(some, others);
        if (actual is not JsonValue || wanted is not JsonValue) return JsonNode.DeepEquals(actual, wanted);
        var (left, right) = (actual.ToString(), wanted.ToString());
        if (name.Equals("location", StringComparison.OrdinalIgnoreCase)) return Locations.Code(left) == Locations.Code(right);
        // Ids, tiers and enumerations come back in the provider's spelling.
        return left.StartsWith('/') || name is "tier" or "kind" ? left.Equals(right, StringComparison.OrdinalIgnoreCase) : left == right;
    }

    /// <summary>Name-value lists are sets; in any other list the order counts. Members that only the resource has are no difference.</summary>
    private static bool SameArray(JsonArray actual, JsonArray wanted)
    {
        if (actual.Count != wanted.Count) return false;
        if (wanted.All(item => item.Text("name") is not null))
            return wanted.All(item => actual.Any(one => one.Text("name")!.Equals(item.Text("name"), StringComparison.OrdinalIgnoreCase) && Includes(one, item)));
        return actual.Zip(wanted).All(pair => Includes(pair.First, pair.Second));
    }

    private static bool Includes(JsonNode? actual, JsonNode? wanted)
    {
        if (actual is not JsonObject existing || wanted is not JsonObject inner) return Same("", actual, wanted);
        var delta = new JsonArray();
        Compare(delta, "", existing, inner);
        return delta.Count == 0;
    }

    private static JsonObject Entry(string path, string type, JsonNode? before, JsonNode? after)
    {
        var entry = new JsonObject { ["path"] = path, ["propertyChangeType"] = type };
        if (before is not null) entry["before"] = before.DeepClone();
        if (after is not null) entry["after"] = after.DeepClone();
        return entry;
    }
}
