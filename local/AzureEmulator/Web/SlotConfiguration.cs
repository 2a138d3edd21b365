using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Web;

internal sealed record ConnectionString(string Value, string Type);

/// <summary>What config/appsettings, config/connectionstrings and config/web hold. Replaced as a whole, never changed in place.</summary>
internal sealed record SlotConfiguration
{
    /// <summary>Members of config/web that describe the machine's face, not the app, and stay with their slot in a swap.</summary>
    private static readonly string[] StaysWithSlot =
    [
        "alwaysOn", "experiments", "autoSwapSlotName", "minTlsVersion", "scmMinTlsVersion", "ftpsState", "cors", "ipSecurityRestrictions",
        "scmIpSecurityRestrictions", "httpLoggingEnabled", "requestTracingEnabled", "detailedErrorLoggingEnabled", "numberOfWorkers",
        "publishingUsername", "scmType", "vnetName", "managedServiceIdentityId", "remoteDebuggingEnabled",
    ];

    public IReadOnlyDictionary<string, string> AppSettings { get; init; } = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, ConnectionString> ConnectionStrings { get; init; } =
        new SortedDictionary<string, ConnectionString>(StringComparer.OrdinalIgnoreCase);

    public JsonObject Web { get; init; } = [];

    /// <summary>This configuration as it is when its content runs in another slot: what sticks there is taken from <paramref name="place"/>.</summary>
    public SlotConfiguration MovedTo(SlotConfiguration place, StickyNames sticky)
    {
        var web = (JsonObject)Web.DeepClone();
        foreach (var name in StaysWithSlot)
        {
            web.Remove(name);
            if (place.Web.TryGetPropertyValue(name, out var value)) web[name] = value?.DeepClone();
        }

        return new SlotConfiguration
        {
            AppSettings = Mix(AppSettings, place.AppSettings, sticky.IsStickySetting),
            ConnectionStrings = Mix(ConnectionStrings, place.ConnectionStrings, sticky.ConnectionStrings.Contains),
            Web = web,
        };
    }

    private static SortedDictionary<string, T> Mix<T>(IReadOnlyDictionary<string, T> own, IReadOnlyDictionary<string, T> place, Func<string, bool> sticks)
    {
        var mixed = new SortedDictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in own.Where(pair => !sticks(pair.Key))) mixed[name] = value;
        foreach (var (name, value) in place.Where(pair => sticks(pair.Key))) mixed[name] = value;
        return mixed;
    }
}
