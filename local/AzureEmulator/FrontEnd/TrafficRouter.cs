using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Web;

namespace Orchestrator.Local.AzureEmulator.FrontEnd;

/// <summary>
/// Decides which slot gets a request for production. The query parameter chooses by hand, the cookie keeps a client where it was,
/// and the ramp-up rules draw for everybody else. A slot without a rule cannot be chosen; one with a rule of 0 % can, by hand.
/// </summary>
internal sealed class TrafficRouter(SiteStore sites)
{
    private const string Name = "x-ms-routing-name";
    private const string Self = "self";
    private static readonly TimeSpan Pinned = TimeSpan.FromHours(1);

    public SiteSlot Choose(HttpContext http, SiteSlot production)
    {
        if (production.Configuration.Web["experiments"]?["rampUpRules"] is not JsonArray { Count: > 0 } rules) return production;
        if (http.Request.Query.TryGetValue(Name, out var wanted) && Named(production, rules, wanted.ToString()) is { } byHand) return Pin(http, production, byHand);
        if (http.Request.Cookies.TryGetValue(Name, out var pinned) && Named(production, rules, pinned) is { } kept) return kept;
        return Pin(http, production, Draw(production, rules));
    }

    private SiteSlot? Named(SiteSlot production, JsonArray rules, string name)
    {
        if (name.Equals(Self, StringComparison.OrdinalIgnoreCase)) return production;
        var rule = rules.FirstOrDefault(rule => name.Equals(rule.Text("name"), StringComparison.OrdinalIgnoreCase));
        return rule is null ? null : Target(production, rule);
    }

    private SiteSlot Draw(SiteSlot production, JsonArray rules)
    {
        var drawn = Random.Shared.NextDouble() * 100;
        foreach (var rule in rules)
        {
            drawn -= rule.At("reroutePercentage")?.GetValue<double>() ?? 0;
            if (drawn < 0) return Target(production, rule) ?? production;
        }

        return production;
    }

    private SiteSlot? Target(SiteSlot production, JsonNode? rule)
    {
        var host = rule.Text("actionHostName");
        if (host is not null && sites.FindByHostLabel(host.Split('.')[0]) is { } byHost) return byHost;
        return production.Site.Slots.GetValueOrDefault(rule.Text("name") ?? "");
    }

    private static SiteSlot Pin(HttpContext http, SiteSlot production, SiteSlot chosen)
    {
        http.Response.OnStarting(() =>
        {
            http.Response.Cookies.Append(Name, ReferenceEquals(chosen, production) ? Self : chosen.Name, new CookieOptions
            {
                Path = "/",
                HttpOnly = true,
                MaxAge = Pinned,
                Secure = http.Request.IsHttps,
                SameSite = http.Request.IsHttps ? SameSiteMode.None : SameSiteMode.Unspecified,
            });
            return Task.CompletedTask;
        });
        return chosen;
    }
}
