using System.Text.Json.Nodes;
using Orchestrator.Local.Demo;
using Orchestrator.Local.Demo.Setup;
using Orchestrator.Local.Demo.World;

namespace Orchestrator.Storm;

/// <summary>The migration that the storm meets.</summary>
internal static class StormSpec
{
    public const string Id = "storm";
    public const string Slot = "v2";
    public const string Site = $"{Arm.Group}/providers/Microsoft.Web/sites/shop";

    public static JsonObject Compose(StormWorld world, Weather weather, TimeSpan watch) => new()
    {
        ["id"] = Id,
        ["mode"] = "migrate",
        ["reason"] = "a storm",
        ["site"] = Site,
        ["slot"] = Slot,
        ["release"] = new JsonObject
        {
            ["package"] = world.Package("v2"),
            ["appSettings"] = new JsonObject { ["FEATURE_CART"] = "on" },
            ["removeAppSettings"] = new JsonArray("LEGACY_MODE"),
        },
        ["data"] = new JsonArray(new JsonObject
        {
            ["kind"] = "blobContainer",
            ["name"] = "orders",
            ["source"] = world.Source.Uri.AbsoluteUri,
            ["target"] = world.Target.Uri.AbsoluteUri,
            ["setting"] = "ORDERS_URL",
            ["reverse"] = true,
        }),
        ["snapshot"] = new JsonObject { ["container"] = world.Container(Azurite.Own, "snapshots").Uri.AbsoluteUri, ["retainDays"] = 1, ["testRestore"] = false },
        ["writePause"] = new JsonObject
        {
            ["on"] = new JsonObject { ["method"] = "POST", ["path"] = "/admin/read-only" },
            ["off"] = new JsonObject { ["method"] = "POST", ["path"] = "/admin/read-write" },
            ["limit"] = $"PT{weather.PauseLimit.TotalSeconds:0}S",
        },
        ["verify"] = new JsonObject { ["http"] = new JsonArray(new JsonObject { ["name"] = "home", ["path"] = "/", ["status"] = 200, ["contains"] = "shop v2" }) },
        ["approval"] = new JsonObject { ["approvers"] = new JsonArray(Tokens.Ben.Name), ["quorum"] = 1, ["timeout"] = "PT30M" },
        ["watch"] = new JsonObject { ["duration"] = $"PT{watch.TotalSeconds:0}S" },
    };
}
