using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Deployments.Expressions;
using Orchestrator.Local.AzureEmulator.Groups;

namespace Orchestrator.Local.AzureEmulator.Deployments;

/// <summary>What a deployment would change. Deploying a template and asking again says NoChange for every resource of it.</summary>
internal sealed class WhatIf(ResourceCalls calls, CurrentState current, IReadOnlyList<IGroupContents> contents)
{
    public async Task<JsonObject> PreviewAsync(Template template, ArmRequest request, ResourceGroup group, string mode, bool idsOnly)
    {
        var changes = new JsonArray();
        await AddAsync(changes, template, request);
        foreach (var id in DeploymentRunner.Others(template, contents, group)) changes.Add((JsonNode)await OtherAsync(id, request, mode));
        if (idsOnly)
        {
            foreach (var change in changes.OfType<JsonObject>())
            {
                foreach (var member in (string[])["before", "after", "delta"]) change.Remove(member);
            }
        }

        return new JsonObject { ["status"] = "Succeeded", ["properties"] = new JsonObject { ["correlationId"] = request.CorrelationId, ["changes"] = changes } };
    }

    private async Task AddAsync(JsonArray changes, Template template, ArmRequest request)
    {
        foreach (var resource in template.Resources.Where(resource => !resource.Existing))
        {
            var body = await resource.BodyAsync(resource.Scope);
            if (resource.IsDeployment) await AddAsync(changes, await NestedAsync(resource, body, template.Scope), request);
            else changes.Add((JsonNode)await ChangeAsync(resource, body, request));
        }
    }

    /// <summary>A nested deployment is no change itself: what it deploys is.</summary>
    private static Task<Template> NestedAsync(TemplateResource resource, JsonObject body, TemplateScope outer) =>
        Template.LoadAsync(
            body.At("properties", "template") as JsonObject ?? throw new TemplateException($"The nested deployment '{resource.Name}' has no template."),
            body.At("properties", "parameters") as JsonObject ?? [],
            outer);

    private async Task<JsonObject> ChangeAsync(TemplateResource resource, JsonObject body, ArmRequest request)
    {
        if (CurrentState.CannotTell(resource.Type)) return Change(resource.Id, "Deploy", null, null);
        var after = Complete(resource, body);
        if (await current.OfAsync(resource, body, request) is not { } before) return Change(resource.Id, "Create", null, after);
        var delta = Delta.Between(before, after);
        var predicted = (JsonObject)before.DeepClone();
        Json.Merge(predicted, after);
        var change = Change(resource.Id, delta.Count == 0 ? "NoChange" : "Modify", before, predicted);
        if (delta.Count > 0) change["delta"] = delta;
        return change;
    }

    private static JsonObject Complete(TemplateResource resource, JsonObject body)
    {
        var after = new JsonObject { ["apiVersion"] = resource.ApiVersion, ["id"] = resource.Id, ["name"] = resource.Name, ["type"] = resource.Type };
        Json.Merge(after, body);
        return after;
    }

    private async Task<JsonObject> OtherAsync(string id, ArmRequest request, string mode)
    {
        var before = await calls.FindAsync(request, "GET", id, request.ApiVersion);
        before?.Remove("properties");
        return Change(id, mode == "Complete" ? "Delete" : "Ignore", before, mode == "Complete" ? null : before?.DeepClone() as JsonObject);
    }

    private static JsonObject Change(string id, string type, JsonObject? before, JsonObject? after)
    {
        var change = new JsonObject { ["resourceId"] = id, ["changeType"] = type };
        if (before is not null) change["before"] = before;
        if (after is not null) change["after"] = after;
        return change;
    }
}
