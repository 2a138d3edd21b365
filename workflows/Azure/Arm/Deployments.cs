using System.Text.Json.Nodes;
using Azure.Core;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Planning;

namespace Orchestrator.Workflows.Azure.Arm;

/// <summary>Template deployments into a resource group, always incremental.</summary>
public sealed class Deployments(ArmGateway arm)
{
    private const string ApiVersion = "2021-04-01";

    /// <summary>Azure's own check of a template; null when it passes, else what is wrong with it.</summary>
    public async Task<string?> ValidateAsync(string groupId, string name, JsonNode template, JsonNode? parameters, CancellationToken cancellationToken)
    {
        var answer = await arm.SendAsync(RequestMethod.Post, $"{Path(groupId, name)}/validate", ApiVersion, Body(template, parameters), accept: [400], cancellationToken: cancellationToken);
        if (answer.Status == 400 || answer["error"] is not null) return ArmErrors.Explain(answer.Body?.ToJsonString()).Message ?? "the template is not valid";
        return null;
    }

    /// <summary>What the template would change: pairs of resource id and kind (Create, Modify, NoChange, Delete, Ignore, Deploy, Unsupported).</summary>
    public async Task<IReadOnlyList<ResourceChange>> WhatIfAsync(string groupId, string name, JsonNode template, JsonNode? parameters, CancellationToken cancellationToken)
    {
        var answer = await arm.SendAsync(RequestMethod.Post, $"{Path(groupId, name)}/whatIf", ApiVersion, Body(template, parameters), cancellationToken: cancellationToken);
        answer = await arm.EndAsync(answer, cancellationToken);
        // A what-if can fail inside a 200; no changes found is something else.
        if (answer.Text("status") is { } status && !status.Equals("Succeeded", StringComparison.OrdinalIgnoreCase))
            throw new PermanentFailureException(PlanCodes.TemplateUnusable, $"Azure could not tell what the template would change ({status}): {ArmErrors.Explain(answer.Body?.ToJsonString()).Message ?? "no reason given"}");
        return (answer["properties.changes"] as JsonArray ?? [])
            .Select(c => new ResourceChange(c!["resourceId"]!.GetValue<string>(), c["changeType"]!.GetValue<string>())).ToList();
    }

    public Task StartAsync(string groupId, string name, JsonNode template, JsonNode? parameters, CancellationToken cancellationToken) =>
        arm.SendAsync(RequestMethod.Put, Path(groupId, name), ApiVersion, Body(template, parameters), cancellationToken: cancellationToken);

    /// <summary>How a deployment stands: its provisioning state and, when it failed, Azure's reason. Null when there is none of that name.</summary>
    public async Task<(string State, string? Error)?> FindAsync(string groupId, string name, CancellationToken cancellationToken)
    {
        var answer = await arm.SendAsync(RequestMethod.Get, Path(groupId, name), ApiVersion, accept: [404], cancellationToken: cancellationToken);
        if (answer.Status == 404) return null;
        var error = answer["properties.error"] is JsonObject failure ? ArmErrors.Explain(failure.ToJsonString()).Message : null;
        return (answer.Text("properties.provisioningState") ?? "Succeeded", error);
    }

    /// <summary>The resource group as a template: kept in the snapshot, for reading and for rebuilding by hand.</summary>
    public async Task<JsonNode?> ExportAsync(string groupId, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["resources"] = new JsonArray("*"), ["options"] = "SkipAllParameterization" };
        var answer = await arm.SendAsync(RequestMethod.Post, $"{groupId}/exportTemplate", ApiVersion, body, cancellationToken: cancellationToken);
        answer = await arm.EndAsync(answer, cancellationToken);
        return answer["template"]?.DeepClone();
    }

    private static string Path(string groupId, string name) => $"{groupId}/providers/Microsoft.Resources/deployments/{name}";

    private static JsonObject Body(JsonNode template, JsonNode? parameters) => new()
    {
        ["properties"] = new JsonObject { ["mode"] = "Incremental", ["template"] = template.DeepClone(), ["parameters"] = parameters?.DeepClone() ?? new JsonObject() },
    };
}
