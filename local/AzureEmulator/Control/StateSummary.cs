using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Web;

namespace Orchestrator.Local.AzureEmulator.Control;

/// <summary>What runs where, at a glance. Settings are named, not shown.</summary>
internal static class StateSummary
{
    public static JsonObject Of(SiteStore sites) => new()
    {
        ["sites"] = new JsonArray([.. sites.All.Select(site => (JsonNode?)new JsonObject
        {
            ["id"] = site.Id,
            ["name"] = site.Name,
            ["operation"] = site.Operation?.Name,
            ["preparedSwap"] = site.Prepared is { } prepared ? $"{prepared.Source.Name}->{prepared.Target.Name}" : null,
            ["slots"] = new JsonArray([.. Ordered(site).Select(Slot)]),
        })]),
    };

    /// <summary>Requests that each slot has served since it was made, and those that nobody could serve.</summary>
    public static JsonArray Requests(SiteStore sites) => [.. sites.All.SelectMany(Ordered).Select(slot => (JsonNode?)new JsonObject
    {
        ["site"] = slot.Site.Name,
        ["slot"] = slot.Name,
        ["requests"] = slot.Metrics.Requests,
        ["http4xx"] = slot.Metrics.Http4xx,
        ["http5xx"] = slot.Metrics.Http5xx,
        ["unserved"] = slot.Metrics.Unserved,
    })];

    private static IEnumerable<SiteSlot> Ordered(Site site) =>
        site.Slots.Values.OrderBy(slot => !slot.IsProduction).ThenBy(slot => slot.Name, StringComparer.Ordinal);

    private static JsonNode Slot(SiteSlot slot) => new JsonObject
    {
        ["name"] = slot.Name,
        ["host"] = slot.HostName,
        ["state"] = $"{slot.App.State}",
        ["failure"] = slot.App.Failure,
        ["starts"] = slot.App.Starts,
        ["processId"] = slot.App.Current?.Instance?.ProcessId,
        ["address"] = slot.App.Current?.Prefix,
        ["deploymentId"] = slot.Content.DeploymentId,
        ["package"] = slot.Content.Package,
        ["appSettingNames"] = new JsonArray([.. slot.Configuration.AppSettings.Keys.Select(name => (JsonNode?)name)]),
        ["tags"] = slot.Tags?.DeepClone(),
    };
}
