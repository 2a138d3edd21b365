using System.Text;
using System.Text.Json.Nodes;

namespace Orchestrator.Functions.Tests;

internal static class Specs
{
    public const string Site = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Web/sites/shop";

    /// <summary>The least that a migration needs.</summary>
    public const string Least = $$"""{"site":"{{Site}}","release":{"package":"https://shopstore.blob.core.windows.net/releases/shop-v2.zip"},"approval":"none"}""";

    public static string LeastOf(string id, string site = Site) => Least.Replace("{\"site\"", $"{{\"id\":\"{id}\",\"site\"").Replace(Site, site);

    /// <summary>The example of the API's description, with every member there is.</summary>
    public const string Example = $$"""
        {
          "id": "shop-v2",
          "mode": "migrate",
          "reason": "runtime out of support",
          "ticket": "CHG0031337",
          "runbook": "https://wiki.contoso.com/shop",
          "site": "{{Site}}",
          "slot": "v2",
          "release": {
            "package": "https://shopstore.blob.core.windows.net/releases/shop-v2.zip",
            "appSettings": { "FEATURE_CART": "on" },
            "removeAppSettings": ["LEGACY_MODE"],
            "siteConfig": { "healthCheckPath": "/healthz" },
            "template": { "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "resources": [] },
            "templateParameters": {}
          },
          "data": [
            { "kind": "blobContainer", "name": "orders", "source": "https://shopstore.blob.core.windows.net/orders",
              "target": "https://shopstore2.blob.core.windows.net/orders", "setting": "ORDERS_URL", "maxLag": "PT10S", "reverse": true }
          ],
          "snapshot": { "container": "https://shopstore.blob.core.windows.net/snapshots", "retainDays": 30, "testRestore": true },
          "writePause": { "on": { "method": "POST", "path": "/admin/read-only" }, "off": { "method": "POST", "path": "/admin/read-write" }, "limit": "PT5S" },
          "verify": {
            "http": [ { "name": "home", "path": "/", "status": 200, "contains": "v2", "within": "PT1S" } ],
            "load": { "path": "/", "rate": 50, "duration": "PT30S", "errorRate": 0.01, "p95": "PT0.3S" },
            "staleAfter": "PT4H"
          },
          "approval": { "approvers": ["ana@contoso.com", "ben@contoso.com"], "quorum": 1, "timeout": "P1D", "remindEvery": "PT4H",
                        "escalateTo": ["cho@contoso.com"], "escalateAfter": "PT12H" },
          "window": { "notBefore": "2026-12-01T00:00:00Z", "weekly": [ { "days": ["Sat", "Sun"], "start": "01:00", "end": "05:00", "timeZone": "Europe/Paris" } ],
                      "lowTraffic": false, "freezes": [ { "from": "2026-12-20T00:00:00Z", "to": "2027-01-03T00:00:00Z", "reason": "year end" } ] },
          "traffic": { "steps": [ { "percent": 10, "hold": "PT5M" }, { "percent": 50, "hold": "PT10M" } ],
                       "gates": [ { "metric": "errorRate", "max": 0.01 }, { "metric": "responseTime", "maxRatio": 1.5 } ], "noData": "hold" },
          "watch": { "duration": "PT30M", "gates": [ { "metric": "errorRate", "max": 0.01 } ],
                     "alerts": { "actionGroup": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Insights/actionGroups/on call", "severity": 1 } },
          "probe": { "path": "/healthz", "rate": 5 },
          "notify": [ { "url": "https://hooks.contoso.com/migrations", "events": ["*"], "secretName": "hook-key" } ],
          "contacts": { "support": "https://help.contoso.com", "owner": "shop-team@contoso.com" }
        }
        """;

    /// <summary>The example with one value put in, or taken out where there is none. A pointer that ends in <c>/-</c> adds to a list.</summary>
    public static string With(string pointer, string? json)
    {
        var root = JsonNode.Parse(Example)!;
        var segments = pointer.Split('/')[1..];
        var parent = segments[..^1].Aggregate(root, (node, segment) => node is JsonArray array ? array[int.Parse(segment)]! : node[segment]!);
        var value = json is null ? null : JsonNode.Parse(json);
        switch (parent, segments[^1])
        {
            case (JsonArray array, "-"):
                array.Add(value);
                break;
            case (JsonArray array, var index):
                array[int.Parse(index)] = value;
                break;
            case (JsonObject member, var name) when json is null:
                member.Remove(name);
                break;
            case (JsonObject member, var name):
                member[name] = value;
                break;
        }

        return root.ToJsonString();
    }

    /// <summary>Where something stands in the example.</summary>
    public static IEnumerable<string> Pointers() => Below(JsonNode.Parse(Example)!, "");

    private static IEnumerable<string> Below(JsonNode node, string pointer)
    {
        var children = node switch
        {
            JsonObject members => members.Select(member => ($"{pointer}/{member.Key}", member.Value)),
            JsonArray items => items.Select((item, index) => ($"{pointer}/{index}", item)),
            _ => [],
        };
        return children.SelectMany(child => child.Item2 is null ? [child.Item1] : Below(child.Item2, child.Item1).Prepend(child.Item1));
    }

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
