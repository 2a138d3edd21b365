using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>The names that stay with their slot in a swap (config/slotConfigNames). One list for the whole site.</summary>
internal sealed record StickyNames
{
    private static readonly ImmutableHashSet<string> None = ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);

    public ImmutableHashSet<string> AppSettings { get; init; } = None;

    public ImmutableHashSet<string> ConnectionStrings { get; init; } = None;

    public ImmutableHashSet<string> AzureStorage { get; init; } = None;

    /// <summary>Extension versions stick without being listed.</summary>
    public bool IsStickySetting(string name) => AppSettings.Contains(name) || name.EndsWith("_EXTENSION_VERSION", StringComparison.OrdinalIgnoreCase);

    public static StickyNames Parse(JsonNode? properties, StickyNames before) => new()
    {
        AppSettings = Names(properties, "appSettingNames") ?? before.AppSettings,
        ConnectionStrings = Names(properties, "connectionStringNames") ?? before.ConnectionStrings,
        AzureStorage = Names(properties, "azureStorageConfigNames") ?? before.AzureStorage,
    };

    public JsonObject ToJson() => new()
    {
        ["connectionStringNames"] = Array(ConnectionStrings),
        ["appSettingNames"] = Array(AppSettings),
        ["azureStorageConfigNames"] = Array(AzureStorage),
    };

    private static ImmutableHashSet<string>? Names(JsonNode? properties, string member) =>
        properties.At(member) is JsonArray names ? None.Union(names.Select(name => name!.GetValue<string>())) : null;

    private static JsonArray Array(ImmutableHashSet<string> names) => [.. names.Order(StringComparer.Ordinal).Select(name => (JsonNode?)name)];
}
