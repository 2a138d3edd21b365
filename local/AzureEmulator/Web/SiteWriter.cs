using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>Creates and changes sites and slots from the body of a PUT or PATCH.</summary>
internal sealed class SiteWriter(SiteStore sites, PlanStore plans, SlotFactory factory, EmulatorOptions options)
{
    private static readonly string[] KeptAsGiven =
        ["httpsOnly", "clientAffinityEnabled", "clientCertEnabled", "clientCertMode", "reserved", "publicNetworkAccess", "hostNamesDisabled", "virtualNetworkSubnetId"];

    public async Task<SiteSlot> PutAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var target = request.Target;
        var body = request.BodyObject;
        var created = target.Names.Count == 1 ? NewSite(target, body) : null;
        if (created is null) return await PutAsync(request, sites.RequireSite(request), body, cancellationToken);
        sites.Add(created);
        try
        {
            return await PutAsync(request, created, body, cancellationToken);
        }
        catch
        {
            await sites.RemoveAsync(created);
            throw;
        }
    }

    private async Task<SiteSlot> PutAsync(ArmRequest request, Site site, JsonObject body, CancellationToken cancellationToken)
    {
        var target = request.Target;
        using var turn = await site.WriteAsync(cancellationToken);
        var name = target.Names.Count == 1 ? SiteSlot.ProductionName : target.Names[1];
        var existing = site.Slots.GetValueOrDefault(name);
        if (existing is not null) RequireMatch(request, existing);
        else if (target.Names.Count == 2) RequireRoomForSlot(site, name);
        var slot = existing ?? factory.Create(site, name);
        await Task.Delay(options.Durations.SiteWrite, cancellationToken);
        var changed = Apply(slot, body);
        if (existing is null) sites.Add(slot);
        if (existing is null) await slot.App.RestartAsync(cancellationToken);
        else if (changed) slot.App.RestartInBackground();
        return slot;
    }

    public static void RequireMatch(ArmRequest request, SiteSlot slot)
    {
        if (request.Headers.TryGetValue("If-Match", out var tag) && tag is not "*" && tag != slot.ETag)
            throw ArmException.Of(412, "PreconditionFailed", $"The condition '{tag}' in the If-Match header is not satisfied: the resource has '{slot.ETag}'.");
    }

    /// <returns>Whether the app has to restart for it.</returns>
    public static bool Apply(SiteSlot slot, JsonObject body)
    {
        if (body.At("tags") is JsonObject tags) slot.Tags = (JsonObject)tags.DeepClone();
        if (body.At("identity") is { } identity) slot.Extras["identity"] = identity.DeepClone();
        var properties = body.At("properties") as JsonObject ?? [];
        foreach (var name in KeptAsGiven)
        {
            if (properties.At(name) is { } value) slot.Extras[name] = value.DeepClone();
        }

        if (properties.Flag("enabled") is { } enabled) slot.Stopped = !enabled;
        if (slot.IsProduction && properties.Text("serverFarmId") is { } plan) slot.Site.ServerFarmId = plan;
        var changed = properties.At("siteConfig") is JsonObject config && Configure(slot, config);
        slot.Touch();
        return changed;
    }

    /// <returns>Whether the configuration is another than before.</returns>
    public static bool Configure(SiteSlot slot, JsonObject config)
    {
        if (ReferenceEquals(slot.Site.Prepared?.Source, slot)) throw WebErrors.Conflict(SwapTexts.PreparedForSwap);
        var before = slot.Configuration;
        var web = (JsonObject)before.Web.DeepClone();
        var general = (JsonObject)config.DeepClone();
        general.Remove("appSettings");
        general.Remove("connectionStrings");
        Json.Merge(web, general);
        WebConfig.MirrorRampUpRules(web, general);
        slot.Configuration = before with
        {
            Web = web,
            AppSettings = ConfigBodies.AppSettingsArray(config.At("appSettings")) ?? before.AppSettings,
            ConnectionStrings = ConfigBodies.ConnectionStringsArray(config.At("connectionStrings")) ?? before.ConnectionStrings,
        };
        return WebConfig.NeedsRestart(before, slot.Configuration);
    }

    private Site? NewSite(ArmTarget target, JsonObject body)
    {
        if (sites.Find(target, target.Names[0]) is not null) return null;
        var location = body.Text("location") ?? throw ArmException.Of(400, "LocationRequired", "The location property is required for this definition.");
        var farm = body.Text("properties", "serverFarmId");
        if (farm is not null) plans.Require(farm);
        return new Site(target.Subscription!, target.Group!, target.Names[0])
        {
            Location = location,
            Kind = body.Text("kind") ?? "app",
            ServerFarmId = farm,
        };
    }

    private void RequireRoomForSlot(Site site, string name)
    {
        if (name.Equals(SiteSlot.ProductionName, StringComparison.OrdinalIgnoreCase))
            throw WebErrors.BadRequest("Slot name 'production' is reserved.");
        var sku = plans.SkuOf(site);
        if (site.Slots.Count - 1 < Plan.SlotLimit(sku)) return;
        const string Template = "Cannot complete the operation because the site will exceed the number of slots allowed for the '{0}' SKU.";
        throw WebErrors.Of(409, "Conflict", Template.Replace("{0}", sku, StringComparison.Ordinal), "04068", Template, sku);
    }
}
