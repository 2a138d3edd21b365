using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Arm;

internal static class Json
{
    public static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        var found = node.At(path);
        return found is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }

    public static bool? Flag(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        var found = node.At(path);
        return found is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;
    }

    /// <summary>Follows names through objects, ignoring case as ARM does; null where the path ends early.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (node is not JsonObject parent) return null;
            node = parent.FirstOrDefault(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        }

        return node;
    }

    /// <summary>RFC 7396: a null removes, an object merges, anything else replaces.</summary>
    public static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is JsonObject inner && target[name] is JsonObject existing) Merge(existing, inner);
            else target[name] = value?.DeepClone();
        }
    }

    public static JsonObject FromPairs(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new(pairs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value))));
}
