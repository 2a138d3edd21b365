using System.Text.Json.Nodes;
using Orchestrator.Workflows.Azure.Arm;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>Where a configuration is written: a site, or a scratch one in memory.</summary>
internal interface IConfigurationTarget
{
    Task WriteAppSettingsAsync(JsonObject all, CancellationToken cancellationToken);

    Task WriteConnectionStringsAsync(JsonObject all, CancellationToken cancellationToken);

    /// <param name="changes">The members to change; null takes one away.</param>
    Task PatchConfigAsync(JsonObject changes, CancellationToken cancellationToken);

    Task WriteStickyNamesAsync(JsonObject all, CancellationToken cancellationToken);
}

/// <summary>Writes what differs and nothing else: a site whose configuration is as wanted is not restarted.</summary>
internal static class ConfigurationWriter
{
    private static readonly string[] StickyLists = ["appSettingNames", "connectionStringNames", "azureStorageConfigNames"];

    /// <param name="now">What the target has.</param>
    /// <param name="members">What is to become of it as <paramref name="wanted"/> has it.</param>
    public static async Task WriteAsync(
        IConfigurationTarget target, SiteConfiguration now, SiteConfiguration wanted, IReadOnlyList<ConfigurationMember> members, CancellationToken cancellationToken)
    {
        var then = now.With(members, wanted);
        // Sticky names first: a setting must not be in its place before it is known to stay there.
        if (Touches(SiteConfiguration.StickyNames)) await target.WriteStickyNamesAsync(StickyNames(then), cancellationToken);
        if (Touches(SiteConfiguration.Config)) await target.PatchConfigAsync(Changes(then, members), cancellationToken);
        if (Touches(SiteConfiguration.ConnectionStrings)) await target.WriteConnectionStringsAsync(then.Section(SiteConfiguration.ConnectionStrings), cancellationToken);
        if (Touches(SiteConfiguration.AppSettings)) await target.WriteAppSettingsAsync(then.Section(SiteConfiguration.AppSettings), cancellationToken);

        bool Touches(string section) => members.Any(member => member.Section == section);
    }

    private static JsonObject Changes(SiteConfiguration then, IEnumerable<ConfigurationMember> members) => new(
        members.Where(member => member.Section == SiteConfiguration.Config)
            .Select(member => KeyValuePair.Create(member.Name, then.Members.GetValueOrDefault(member)?.DeepClone())));

    private static JsonObject StickyNames(SiteConfiguration then)
    {
        var names = then.Section(SiteConfiguration.StickyNames);
        foreach (var list in StickyLists) names.TryAdd(list, new JsonArray());
        return names;
    }
}

/// <summary>A site.</summary>
internal sealed class SiteTarget(AppService apps, string siteId) : IConfigurationTarget
{
    public Task WriteAppSettingsAsync(JsonObject all, CancellationToken cancellationToken) =>
        apps.WriteAppSettingsAsync(siteId, all.Select(setting => KeyValuePair.Create(setting.Key, setting.Value?.ToString() ?? "")), cancellationToken);

    public Task WriteConnectionStringsAsync(JsonObject all, CancellationToken cancellationToken) => apps.WriteConnectionStringsAsync(siteId, all, cancellationToken);

    public Task PatchConfigAsync(JsonObject changes, CancellationToken cancellationToken) => apps.PatchConfigAsync(siteId, changes, cancellationToken);

    public Task WriteStickyNamesAsync(JsonObject all, CancellationToken cancellationToken) => apps.WriteStickyNamesAsync(siteId, all, cancellationToken);
}

/// <summary>A scratch site: keeps what is written to it as App Service would, until it is let go of.</summary>
internal sealed class ScratchTarget : IConfigurationTarget
{
    private readonly JsonObject _kept = new() { [SiteConfiguration.Config] = new JsonObject() };

    public SiteConfiguration Content => SiteConfiguration.Of(_kept);

    public Task WriteAppSettingsAsync(JsonObject all, CancellationToken cancellationToken) => KeepAsync(SiteConfiguration.AppSettings, all);

    public Task WriteConnectionStringsAsync(JsonObject all, CancellationToken cancellationToken) => KeepAsync(SiteConfiguration.ConnectionStrings, all);

    public Task WriteStickyNamesAsync(JsonObject all, CancellationToken cancellationToken) => KeepAsync(SiteConfiguration.StickyNames, all);

    public Task PatchConfigAsync(JsonObject changes, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in changes) _kept[SiteConfiguration.Config]![name] = value?.DeepClone();
        return Task.CompletedTask;
    }

    private Task KeepAsync(string section, JsonObject all)
    {
        _kept[section] = all.DeepClone();
        return Task.CompletedTask;
    }
}
