using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Groups;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>The configuration of sites and slots: appsettings, connectionstrings, web, and the site's slotConfigNames.</summary>
internal sealed class ConfigApi(SiteStore sites)
{
    public void Map(ArmRouter router)
    {
        foreach (var pattern in (string[])[SitesApi.Site, SitesApi.Slot])
        {
            // The last name of config/* tells which configuration; the router keeps names out of its patterns.
            router.Map("GET", pattern + "/config/*", Get);
            router.Map("PUT", pattern + "/config/*", PutAsync);
            router.Map("PATCH", pattern + "/config/*", PatchAsync);
            router.Map("POST", pattern + "/config/*/list", ListSecrets);
        }
    }

    private static string NameOf(ArmRequest request) => request.Target.Names[^1].ToLowerInvariant();

    private static ArmException Unknown(ArmRequest request) =>
        WebErrors.Of(404, "NotFound", $"Cannot find Configuration with name {request.Target.Names[^1]}.", "51004", "Cannot find {0} with name {1}.", "Configuration", request.Target.Names[^1]);

    private static JsonObject Config(SiteSlot slot, string name, JsonObject properties) => new()
    {
        ["id"] = $"{slot.Id}/config/{name}",
        ["name"] = name == "web" ? slot.FullName : name,
        ["type"] = "Microsoft.Web/sites/config",
        ["location"] = Locations.Display(slot.Site.Location),
        ["properties"] = properties,
    };

    /// <summary>Answers that carry the site's own id and type although they are about its configuration.</summary>
    private static JsonObject OfSite(SiteSlot slot, string? id, JsonObject properties) => new()
    {
        ["id"] = id,
        ["name"] = slot.FullName,
        ["type"] = slot.Type,
        ["location"] = Locations.Display(slot.Site.Location),
        ["properties"] = properties,
    };

    private static ArmResponse Tagged(SiteSlot slot, JsonObject body) => ArmResponse.Ok(body).With("ETag", slot.ETag);

    private ArmResponse Get(ArmRequest request)
    {
        var slot = sites.RequireSlot(request);
        return NameOf(request) switch
        {
            "web" => ArmResponse.Ok(Config(slot, "web", WebConfig.Of(slot))),
            "slotconfignames" when slot.IsProduction => ArmResponse.Ok(OfSite(slot, null, slot.Site.Sticky.ToJson())),
            "appsettings" or "connectionstrings" => throw ArmException.Of(405, "MethodNotAllowed", "The resource does not support HTTP method 'GET'."),
            _ => throw Unknown(request),
        };
    }

    private ArmResponse ListSecrets(ArmRequest request)
    {
        var slot = sites.RequireSlot(request);
        return NameOf(request) switch
        {
            "appsettings" => ArmResponse.Ok(Config(slot, "appsettings", Json.FromPairs(slot.Configuration.AppSettings))),
            "connectionstrings" => ArmResponse.Ok(Config(slot, "connectionstrings", ConfigBodies.ToJson(slot.Configuration.ConnectionStrings))),
            _ => throw Unknown(request),
        };
    }

    private async Task<ArmResponse> PutAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var slot = sites.RequireSlot(request);
        using var turn = await slot.Site.WriteAsync(cancellationToken);
        SiteWriter.RequireMatch(request, slot);
        var properties = request.BodyObject.At("properties") as JsonObject ?? [];
        var name = NameOf(request);
        return name switch
        {
            "appsettings" => Change(slot, before => before with { AppSettings = ConfigBodies.AppSettings(properties) }, () => Config(slot, name, Json.FromPairs(slot.Configuration.AppSettings))),
            "connectionstrings" => Change(slot, before => before with { ConnectionStrings = ConfigBodies.ConnectionStrings(properties) }, () => Config(slot, name, ConfigBodies.ToJson(slot.Configuration.ConnectionStrings))),
            "web" => ChangeWeb(slot, properties, replace: true),
            "slotconfignames" when slot.IsProduction => ChangeSticky(slot, properties),
            _ => throw Unknown(request),
        };
    }

    private async Task<ArmResponse> PatchAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var slot = sites.RequireSlot(request);
        if (NameOf(request) is not "web") throw ArmException.Of(405, "MethodNotAllowed", "The resource does not support HTTP method 'PATCH'.");
        using var turn = await slot.Site.WriteAsync(cancellationToken);
        return ChangeWeb(slot, request.BodyObject.At("properties") as JsonObject ?? [], replace: false);
    }

    private static ArmResponse Change(SiteSlot slot, Func<SlotConfiguration, SlotConfiguration> change, Func<JsonObject> answer)
    {
        if (ReferenceEquals(slot.Site.Prepared?.Source, slot)) throw WebErrors.Conflict(SwapTexts.PreparedForSwap);
        var before = slot.Configuration;
        slot.Configuration = change(before);
        slot.Touch();
        if (WebConfig.NeedsRestart(before, slot.Configuration)) slot.App.RestartInBackground();
        return Tagged(slot, answer());
    }

    private static ArmResponse ChangeWeb(SiteSlot slot, JsonObject properties, bool replace)
    {
        if (replace && slot.Site.Prepared is null) slot.Configuration = slot.Configuration with { Web = Unsaid(slot.Configuration.Web, properties) };
        var restart = SiteWriter.Configure(slot, properties);
        slot.Touch();
        if (restart) slot.App.RestartInBackground();
        return Tagged(slot, OfSite(slot, slot.Id, WebConfig.Of(slot)));
    }

    /// <summary>A PUT that leaves out the start command or the rules keeps them; anything else goes back to its default.</summary>
    private static JsonObject Unsaid(JsonObject before, JsonObject properties)
    {
        var kept = new JsonObject();
        foreach (var name in (string[])["appCommandLine", "linuxFxVersion", "experiments", "routingRules"])
        {
            if (properties.At(name) is null && before[name] is { } value) kept[name] = value.DeepClone();
        }

        return kept;
    }

    private static ArmResponse ChangeSticky(SiteSlot slot, JsonObject properties)
    {
        slot.Site.Sticky = StickyNames.Parse(properties, slot.Site.Sticky);
        slot.Touch();
        return Tagged(slot, OfSite(slot, null, slot.Site.Sticky.ToJson()));
    }
}
