using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orchestrator.Local.AzureEmulator.Control;

/// <summary>Takes secrets out of a body before it is logged: settings' values, connection strings, keys, signatures in URLs.</summary>
internal static partial class Redaction
{
    private const string Hidden = "***";

    public static JsonNode? Of(string path, JsonNode? body)
    {
        if (body is null) return null;
        var copy = body.DeepClone();
        if (ConfigPath().IsMatch(path) && copy["properties"] is JsonObject settings) HideAll(settings);
        Walk(copy);
        return copy;
    }

    [GeneratedRegex("/config/(appsettings|connectionstrings)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex ConfigPath();

    [GeneratedRegex("key|secret|password|token|connectionString$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex SecretName();

    private static void HideAll(JsonObject settings)
    {
        foreach (var name in settings.Select(member => member.Key).ToList()) settings[name] = Hidden;
    }

    private static void Walk(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray array:
                foreach (var item in array) Walk(item);
                break;
            case JsonObject parent:
                foreach (var (name, value) in parent.ToList())
                {
                    if (name.Equals("appSettings", StringComparison.OrdinalIgnoreCase) && value is JsonArray pairs) HidePairs(pairs);
                    else if (value is JsonValue leaf && leaf.TryGetValue<string>(out var text)) parent[name] = Leaf(name, text);
                    else Walk(value);
                }

                break;
        }
    }

    private static void HidePairs(JsonArray pairs)
    {
        foreach (var pair in pairs.OfType<JsonObject>()) pair["value"] = Hidden;
    }

    private static string Leaf(string name, string text)
    {
        if (SecretName().IsMatch(name)) return Hidden;
        var query = text.IndexOf('?', StringComparison.Ordinal);
        return query >= 0 && text.Contains("sig=", StringComparison.OrdinalIgnoreCase) ? text[..query] + "?" + Hidden : text;
    }
}
