using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Deployments.Expressions;

namespace Orchestrator.Local.AzureEmulator.Deployments;

/// <summary>One resource of a template, after conditions and loops; its body is evaluated when its turn comes.</summary>
internal sealed class TemplateResource
{
    /// <summary>Members that instruct ARM and are no part of the resource.</summary>
    private static readonly string[] Instructions = ["type", "name", "apiVersion", "dependsOn", "condition", "copy", "resources", "scope", "comments", "metadata", "existing"];

    /// <summary>The symbolic name, or the id in templates without them.</summary>
    public required string Symbol { get; init; }

    /// <summary>The name of the copy loop that it comes from: depending on the loop is depending on all of it.</summary>
    public string? Loop { get; init; }

    public required string Id { get; init; }

    public required string Type { get; init; }

    public required string Name { get; init; }

    public required string ApiVersion { get; init; }

    public required JsonObject Source { get; init; }

    public required TemplateScope Scope { get; init; }

    /// <summary>Only referred to, not deployed.</summary>
    public bool Existing { get; init; }

    public List<TemplateResource> DependsOn { get; } = [];

    public bool IsDeployment => Type.Equals("Microsoft.Resources/deployments", StringComparison.OrdinalIgnoreCase);

    /// <summary>Directly in the group, as opposed to part of another resource.</summary>
    public bool IsTopLevel => Type.Count(letter => letter == '/') == 1;

    public async Task<JsonObject> BodyAsync(TemplateScope scope)
    {
        var body = new JsonObject();
        foreach (var (name, value) in Source)
        {
            if (!Instructions.Contains(name, StringComparer.OrdinalIgnoreCase)) body[name] = await MemberAsync(name, value, scope);
        }

        return body;
    }

    /// <summary>The template of a nested deployment with an inner scope belongs to that deployment and is not touched here.</summary>
    private async Task<JsonNode?> MemberAsync(string name, JsonNode? value, TemplateScope scope)
    {
        var inner = IsDeployment && name == "properties" && value.Text("expressionEvaluationOptions", "scope") is { } own
            && own.Equals("inner", StringComparison.OrdinalIgnoreCase);
        if (!inner) return await TemplateEvaluator.EvaluateAsync(value, scope);
        var outside = (JsonObject)value!.DeepClone();
        var template = outside["template"];
        outside.Remove("template");
        var evaluated = (JsonObject)(await TemplateEvaluator.EvaluateAsync(outside, scope))!;
        evaluated["template"] = template;
        return evaluated;
    }
}
