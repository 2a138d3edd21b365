using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Workflows.Azure.Arm;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>
/// The configuration of a site that can be written back, member by member: app settings, connection strings, the site's config and its sticky names. A member
/// that is null or an empty list is none. Values may be secrets: only names leave this class as text.
/// </summary>
internal sealed class SiteConfiguration
{
    public const string AppSettings = "appSettings";
    public const string ConnectionStrings = "connectionStrings";
    public const string Config = "config";
    public const string StickyNames = "stickyNames";

    private SiteConfiguration(IEnumerable<KeyValuePair<ConfigurationMember, JsonNode>> members) => Members = new(members.ToDictionary(), ConfigurationMember.ByName);

    public static SiteConfiguration Empty { get; } = new([]);

    public SortedDictionary<ConfigurationMember, JsonNode> Members { get; }

    public static async Task<SiteConfiguration> ReadAsync(AppService apps, string siteId, CancellationToken cancellationToken) => Of(new JsonObject
    {
        [AppSettings] = JsonSerializer.SerializeToNode(await apps.ReadAppSettingsAsync(siteId, cancellationToken)),
        [ConnectionStrings] = (await apps.ReadConnectionStringsAsync(siteId, cancellationToken)).DeepClone(),
        [Config] = (await apps.ReadConfigAsync(siteId, cancellationToken)).DeepClone(),
        [StickyNames] = (await apps.ReadStickyNamesAsync(siteId, cancellationToken)).DeepClone(),
    });

    /// <param name="snapshot">As <see cref="SnapshotConfiguration"/> keeps it; what else is in it is left out.</param>
    public static SiteConfiguration Of(JsonObject snapshot) => new(
        from section in new[] { AppSettings, ConnectionStrings, Config, StickyNames }
        from member in snapshot[section] as JsonObject ?? []
        where member.Value is not (null or JsonArray { Count: 0 })
        select KeyValuePair.Create(new ConfigurationMember(section, member.Key), section == StickyNames ? Sorted(member.Value) : member.Value));

    /// <summary>The configuration with some members as another has them.</summary>
    public SiteConfiguration With(IEnumerable<ConfigurationMember> members, SiteConfiguration from)
    {
        var changed = new SiteConfiguration(Members);
        foreach (var member in members)
        {
            if (from.Members.TryGetValue(member, out var value)) changed.Members[member] = value;
            else changed.Members.Remove(member);
        }

        return changed;
    }

    /// <summary>The members in which the two differ, in their order.</summary>
    public IReadOnlyList<ConfigurationMember> DifferencesFrom(SiteConfiguration other) =>
        [.. Members.Keys.Union(other.Members.Keys).Where(member => !SameAs(other, member)).Order(ConfigurationMember.ByName)];

    public bool SameAs(SiteConfiguration other, ConfigurationMember member) =>
        JsonNode.DeepEquals(Members.GetValueOrDefault(member), other.Members.GetValueOrDefault(member));

    /// <summary>A section as App Service takes it.</summary>
    public JsonObject Section(string section) =>
        new(Members.Where(member => member.Key.Section == section).Select(member => KeyValuePair.Create<string, JsonNode?>(member.Key.Name, member.Value.DeepClone())));

    // The order of the names in a list means nothing.
    private static JsonNode Sorted(JsonNode names) =>
        names is JsonArray list ? new JsonArray([.. list.Select(name => name?.ToString() ?? "").Order(StringComparer.Ordinal).Select(name => JsonValue.Create(name))]) : names;
}

/// <summary>One member of a site's configuration.</summary>
internal readonly record struct ConfigurationMember(string Section, string Name)
{
    public static IComparer<ConfigurationMember> ByName { get; } = Comparer<ConfigurationMember>.Create((one, other) => string.CompareOrdinal(one.ToString(), other.ToString()));

    public override string ToString() => $"{Section}/{Name}";
}
