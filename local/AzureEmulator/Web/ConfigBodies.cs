using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>Settings as bodies carry them: name-value arrays inside siteConfig, plain objects under config/*.</summary>
internal static class ConfigBodies
{
    public static IReadOnlyDictionary<string, string>? AppSettingsArray(JsonNode? settings) =>
        settings is JsonArray pairs ? Sorted(pairs.Select(pair => KeyValuePair.Create(Name(pair), Scalar(pair.At("value"))))) : null;

    public static IReadOnlyDictionary<string, ConnectionString>? ConnectionStringsArray(JsonNode? strings) =>
        strings is JsonArray list
            ? Sorted(list.Select(one => KeyValuePair.Create(Name(one), new ConnectionString(one.Text("connectionString") ?? "", one.Text("type") ?? "Custom"))))
            : null;

    public static IReadOnlyDictionary<string, string> AppSettings(JsonObject properties) =>
        Sorted(properties.Select(pair => KeyValuePair.Create(pair.Key, Scalar(pair.Value))));

    public static IReadOnlyDictionary<string, ConnectionString> ConnectionStrings(JsonObject properties) =>
        Sorted(properties.Select(pair => KeyValuePair.Create(pair.Key, new ConnectionString(pair.Value.Text("value") ?? "", pair.Value.Text("type") ?? "Custom"))));

    public static JsonObject ToJson(IReadOnlyDictionary<string, ConnectionString> strings) =>
        new(strings.Select(pair => KeyValuePair.Create(
            pair.Key, (JsonNode?)new JsonObject { ["value"] = pair.Value.Value, ["type"] = pair.Value.Type })));

    private static SortedDictionary<string, T> Sorted<T>(IEnumerable<KeyValuePair<string, T>> pairs)
    {
        var sorted = new SortedDictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in pairs) sorted[name] = value;
        return sorted;
    }

    private static string Name(JsonNode? pair) => pair.Text("name") ?? throw WebErrors.BadRequest("The parameter name has an invalid value.");

    private static string Scalar(JsonNode? value) => value is null ? "" : value is JsonValue ? value.ToString() : throw WebErrors.BadRequest("The parameter properties has an invalid value.");
}
