using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Groups;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>Sites and slots: both are answered by the same code, as in Azure.</summary>
internal sealed class SitesApi(SiteStore sites, PlanStore plans, GroupStore groups, SiteWriter writer) : IGroupContents
{
    public const string Site = "Microsoft.Web/sites/*";
    public const string Slot = "Microsoft.Web/sites/*/slots/*";

    public void Map(ArmRouter router)
    {
        foreach (var pattern in (string[])[Site, Slot])
        {
            router.Map("GET", pattern, Get);
            router.Map("PUT", pattern, PutAsync);
            router.Map("PATCH", pattern, PatchAsync);
            router.Map("DELETE", pattern, DeleteAsync);
        }

        router.Map("GET", "Microsoft.Web/sites", request => ArmResponse.List(Of(request.Target).Select(site => Json(site.Production))));
        router.Map("GET", "Microsoft.Web/sites/*/slots", ListSlots);
        router.Map("POST", "Microsoft.Web/checknameavailability", CheckName);
    }

    public IEnumerable<JsonObject> List(string subscription, string? group)
    {
        foreach (var site in sites.All.Where(site => In(site, subscription, group)))
        {
            foreach (var slot in site.Slots.Values.OrderBy(slot => !slot.IsProduction).ThenBy(slot => slot.Name, StringComparer.Ordinal))
            {
                var json = Json(slot);
                json.Remove("properties");
                yield return json;
            }
        }
    }

    public async Task RemoveAsync(string? subscription, string? group)
    {
        foreach (var site in sites.All.Where(site => subscription is null || In(site, subscription, group)).ToList()) await sites.RemoveAsync(site);
    }

    private static bool In(Site site, string subscription, string? group) =>
        site.Subscription.Equals(subscription, StringComparison.OrdinalIgnoreCase)
        && (group is null || site.Group.Equals(group, StringComparison.OrdinalIgnoreCase));

    private IEnumerable<Site> Of(ArmTarget target)
    {
        if (target.Group is not null) groups.Require(target.Subscription!, target.Group);
        return sites.All.Where(site => In(site, target.Subscription!, target.Group));
    }

    private JsonObject Json(SiteSlot slot) => SiteJson.Of(slot, plans.SkuOf(slot.Site));

    private ArmResponse Answer(SiteSlot slot) => ArmResponse.Ok(Json(slot)).With("ETag", slot.ETag);

    private ArmResponse Get(ArmRequest request) => Answer(sites.RequireSlot(request));

    private ArmResponse ListSlots(ArmRequest request)
    {
        var slots = sites.RequireSite(request).Slots.Values.Where(slot => !slot.IsProduction).OrderBy(slot => slot.Name, StringComparer.Ordinal);
        var response = ArmResponse.List(slots.Select(Json));
        response.Body!["id"] = null;
        return response;
    }

    private async Task<ArmResponse> PutAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        groups.Require(request.Target.Subscription!, request.Target.Group!);
        return Answer(await writer.PutAsync(request, cancellationToken));
    }

    private async Task<ArmResponse> PatchAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var slot = sites.RequireSlot(request);
        using var turn = await slot.Site.WriteAsync(cancellationToken);
        SiteWriter.RequireMatch(request, slot);
        if (SiteWriter.Apply(slot, request.BodyObject)) slot.App.RestartInBackground();
        return Answer(slot);
    }

    private async Task<ArmResponse> DeleteAsync(ArmRequest request, CancellationToken cancellationToken)
    {
        var target = request.Target;
        if (sites.Find(target, target.Names[0]) is not { } site) return new ArmResponse(204);
        if (target.Names.Count == 2 && !site.Slots.ContainsKey(target.Names[1])) return new ArmResponse(204);
        var slot = sites.RequireSlot(request);
        using (await site.WriteAsync(cancellationToken))
        {
            if (ReferenceEquals(site.Prepared?.Source, slot)) throw WebErrors.Conflict(SwapTexts.PreparedForSwap);
            if (!slot.IsProduction) await sites.RemoveAsync(slot);
        }

        if (slot.IsProduction) await sites.RemoveAsync(site);
        return ArmResponse.Ok();
    }

    private ArmResponse CheckName(ArmRequest request)
    {
        var name = request.BodyObject.Text("name") ?? throw WebErrors.BadRequest("The parameter name has an invalid value.");
        var taken = sites.HostExists(name);
        return ArmResponse.Ok(new JsonObject
        {
            ["nameAvailable"] = !taken,
            ["reason"] = taken ? "AlreadyExists" : "",
            ["message"] = taken ? $"Hostname '{name}' already exists. Please select a different name." : "",
        });
    }
}
