using System.Text.Json.Nodes;
using Orchestrator.Local.Demo.Setup;
using Orchestrator.Local.Demo.World;

namespace Orchestrator.Local.Demo.Migration;

/// <summary>The spec that the demo sends: shop v2 and both containers, with one approver who is not the requester.</summary>
internal static class ShopSpec
{
    public const string Slot = "v2";

    /// <param name="notBefore">A window that opens then; null for none.</param>
    public static JsonObject Compose(BlobAccounts blobs, ShopNames names, Uri package, DateTimeOffset? notBefore)
    {
        var spec = new JsonObject
        {
            ["id"] = names.Run,
            ["mode"] = "migrate",
            ["reason"] = "a cart for the shop",
            ["site"] = names.Site,
            ["slot"] = Slot,
            ["release"] = new JsonObject
            {
                ["package"] = package.ToString(),
                ["appSettings"] = new JsonObject { ["FEATURE_CART"] = "on" },
                ["removeAppSettings"] = new JsonArray("LEGACY_MODE"),
                ["siteConfig"] = new JsonObject { ["healthCheckPath"] = "/healthz" },
            },
            ["data"] = new JsonArray(Data(blobs, "media", names.Media, "MEDIA_URL"), Data(blobs, "orders", names.Orders, "ORDERS_URL")),
            ["snapshot"] = new JsonObject { ["container"] = blobs.Url(Azurite.Own, names.Snapshots).ToString(), ["retainDays"] = 30, ["testRestore"] = true },
            ["writePause"] = new JsonObject
            {
                ["on"] = new JsonObject { ["method"] = "POST", ["path"] = "/admin/read-only" },
                ["off"] = new JsonObject { ["method"] = "POST", ["path"] = "/admin/read-write" },
                ["probe"] = new JsonObject { ["method"] = "POST", ["path"] = "/orders", ["status"] = 503 },
                ["limit"] = "PT20S",
            },
            ["verify"] = new JsonObject
            {
                ["http"] = new JsonArray(
                    new JsonObject { ["name"] = "home", ["path"] = "/", ["status"] = 200, ["contains"] = "Shop v2", ["within"] = "PT5S" },
                    new JsonObject { ["name"] = "cart", ["path"] = "/cart", ["status"] = 200 },
                    new JsonObject { ["name"] = "health", ["path"] = "/healthz", ["status"] = 200 }),
                ["load"] = new JsonObject { ["path"] = "/", ["rate"] = 20, ["duration"] = "PT3S", ["errorRate"] = 0.01, ["p95"] = "PT2S" },
            },
            ["approval"] = new JsonObject { ["approvers"] = new JsonArray(Tokens.Ben.Name), ["quorum"] = 1, ["timeout"] = "PT10M" },
            ["watch"] = new JsonObject
            {
                ["duration"] = "PT10S",
                ["gates"] = new JsonArray(new JsonObject { ["metric"] = "errorRate", ["max"] = 0.05 }),
            },
            ["contacts"] = new JsonObject { ["support"] = "https://help.contoso.com", ["owner"] = "shop-team@contoso.com" },
        };
        if (notBefore is { } opening)
        {
            spec["window"] = new JsonObject { ["notBefore"] = $"{opening:yyyy-MM-ddTHH:mm:ss.fffZ}" };
        }

        return spec;
    }

    private static JsonObject Data(BlobAccounts blobs, string name, string container, string setting) => new()
    {
        ["kind"] = "blobContainer",
        ["name"] = name,
        ["source"] = blobs.Url(Azurite.Source, container).ToString(),
        ["target"] = blobs.Url(Azurite.Target, container).ToString(),
        ["setting"] = setting,
        ["maxLag"] = "PT10S",
        ["reverse"] = true,
    };
}
