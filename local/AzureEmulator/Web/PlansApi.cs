using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Groups;

namespace Orchestrator.Local.AzureEmulator.Web;

/// <summary>App Service plans.</summary>
internal sealed class PlansApi(PlanStore plans, SiteStore sites, GroupStore groups) : IGroupContents
{
    public void Map(ArmRouter router)
    {
        const string Pattern = "Microsoft.Web/serverfarms/*";
        router.Map("PUT", Pattern, Put);
        router.Map("PATCH", Pattern, Patch);
        router.Map("GET", Pattern, request => ArmResponse.Ok(Json(Require(request))));
        router.Map("DELETE", Pattern, Delete);
        router.Map("GET", "Microsoft.Web/serverfarms", request => ArmResponse.List(Of(request.Target.Subscription!, request.Target.Group).Select(Json)));
    }

    public IEnumerable<JsonObject> List(string subscription, string? group) => Of(subscription, group).Select(plan => new JsonObject
    {
        ["id"] = plan.Id,
        ["name"] = plan.Name,
        ["type"] = "Microsoft.Web/serverfarms",
        ["kind"] = plan.Kind,
        ["location"] = plan.Location,
        ["tags"] = plan.Tags?.DeepClone(),
        ["sku"] = plan.Sku,
    });

    public Task RemoveAsync(string? subscription, string? group)
    {
        foreach (var plan in (subscription is null ? plans.All : Of(subscription, group)).ToList()) plans.Remove(plan.Id);
        return Task.CompletedTask;
    }

    private IEnumerable<Plan> Of(string subscription, string? group) => plans.All.Where(plan =>
        plan.Subscription.Equals(subscription, StringComparison.OrdinalIgnoreCase)
        && (group is null || plan.Group.Equals(group, StringComparison.OrdinalIgnoreCase)));

    private static string IdOf(ArmTarget target) => $"{target.GroupId}/providers/Microsoft.Web/serverfarms/{target.Names[0]}";

    private Plan Require(ArmRequest request) => plans.Find(IdOf(request.Target))
        ?? throw ArmException.ResourceNotFound($"Microsoft.Web/serverfarms/{request.Target.Names[0]}", request.Target.Group!);

    private JsonObject Json(Plan plan) => plan.ToJson(Locations.Display(plan.Location), SitesOn(plan));

    private int SitesOn(Plan plan) => sites.All.Count(site => plan.Id.Equals(site.ServerFarmId, StringComparison.OrdinalIgnoreCase));

    private ArmResponse Put(ArmRequest request)
    {
        var target = request.Target;
        groups.Require(target.Subscription!, target.Group!);
        var body = request.BodyObject;
        var before = plans.Find(IdOf(target));
        var location = body.Text("location") ?? throw ArmException.Of(400, "LocationRequired", "The location property is required for this definition.");
        var plan = new Plan(
            target.Subscription!,
            target.Group!,
            target.Names[0],
            location,
            body.Text("kind") ?? "app",
            body.Text("sku", "name") ?? before?.SkuName ?? "F1",
            body.At("sku", "capacity")?.GetValue<int>() ?? before?.Capacity ?? 1,
            body.At("tags")?.DeepClone() as JsonObject,
            body.At("properties")?.DeepClone() as JsonObject ?? []);
        plans.Put(plan);
        return ArmResponse.Ok(plan.ToJson(location, SitesOn(plan)));
    }

    private ArmResponse Patch(ArmRequest request)
    {
        var plan = Require(request);
        if (request.BodyObject.At("tags") is JsonObject tags) plan = plan with { Tags = (JsonObject)tags.DeepClone() };
        plans.Put(plan);
        return ArmResponse.Ok(Json(plan));
    }

    private ArmResponse Delete(ArmRequest request)
    {
        if (plans.Find(IdOf(request.Target)) is not { } plan) return new ArmResponse(204);
        if (SitesOn(plan) > 0)
            throw WebErrors.Conflict($"Server farm '{plan.Name}' cannot be deleted because it has web app(s) {string.Join(", ", SiteNames(plan))} assigned to it.");
        plans.Remove(plan.Id);
        return ArmResponse.Ok();
    }

    private IEnumerable<string> SiteNames(Plan plan) =>
        sites.All.Where(site => plan.Id.Equals(site.ServerFarmId, StringComparison.OrdinalIgnoreCase)).Select(site => site.Name);
}
