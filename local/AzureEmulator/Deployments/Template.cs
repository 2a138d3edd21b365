using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Deployments.Expressions;

namespace Orchestrator.Local.AzureEmulator.Deployments;

/// <summary>A template with its parameters: checked, its resources known and put in order.</summary>
internal sealed class Template
{
    private Template(JsonObject source, TemplateScope scope, JsonObject shownParameters, IReadOnlyList<TemplateResource> resources)
    {
        Source = source;
        Scope = scope;
        ShownParameters = shownParameters;
        Resources = resources;
    }

    public JsonObject Source { get; }

    public TemplateScope Scope { get; }

    /// <summary>Name to type and value; secure values are left out.</summary>
    public JsonObject ShownParameters { get; }

    /// <summary>In an order in which each comes after what it depends on.</summary>
    public IReadOnlyList<TemplateResource> Resources { get; }

    public string Hash => $"{BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(Source.ToJsonString())))}";

    /// <exception cref="TemplateException">Something is wrong with the template or its parameters.</exception>
    public static async Task<Template> LoadAsync(JsonObject source, JsonObject parameters, TemplateScope bare)
    {
        if (source.At("resources") is not (JsonArray or JsonObject))
            throw new TemplateException("Required property 'resources' not found in JSON.");
        RequireKnownFunctions(source);
        var scope = new TemplateScope
        {
            DeploymentName = bare.DeploymentName,
            Group = bare.Group,
            Subscription = bare.Subscription,
            Lookup = bare.Lookup,
            KeepsMissing = bare.KeepsMissing,
            Parameters = [],
            Variables = source.At("variables")?.DeepClone() as JsonObject ?? [],
        };
        var shown = await TemplateParameters.BindAsync(source.At("parameters") as JsonObject ?? [], parameters, scope);
        if (scope.Variables["copy"] is JsonArray loops)
        {
            var unrolled = (JsonObject)(await TemplateEvaluator.EvaluateAsync(new JsonObject { ["copy"] = loops.DeepClone() }, scope))!;
            scope.Variables.Remove("copy");
            Json.Merge(scope.Variables, unrolled);
        }

        var resources = await TemplateResources.ExpandAsync(source.At("resources")!, scope);
        foreach (var resource in resources) scope.Resources[resource.Symbol] = (resource.Id, resource.ApiVersion);
        await TemplateOrder.ConnectAsync(resources, scope);
        return new Template(source, scope, shown, TemplateOrder.Sort(resources));
    }

    public async Task<JsonObject> OutputsAsync()
    {
        var outputs = new JsonObject();
        foreach (var (name, output) in Source.At("outputs") as JsonObject ?? [])
        {
            if (output.At("condition") is { } condition && !TemplateFunctions.Flag(await TemplateEvaluator.EvaluateAsync(condition, Scope))) continue;
            var type = output.Text("type") ?? "string";
            var shown = new JsonObject { ["type"] = TemplateParameters.Shown(type) };
            if (!TemplateParameters.IsSecure(type)) shown["value"] = await TemplateEvaluator.EvaluateAsync(output.At("value"), Scope);
            outputs[name] = shown;
        }

        return outputs;
    }

    /// <summary>Nested templates with an inner scope are part of the text too, so they are checked along.</summary>
    private static void RequireKnownFunctions(JsonObject source)
    {
        foreach (var (section, content) in source)
        {
            if (section is "$schema" or "contentVersion" or "metadata") continue;
            try
            {
                TemplateEvaluator.RequireKnownFunctions(content);
            }
            catch (TemplateException problem)
            {
                throw new TemplateException($"The template {section} are not valid: {problem.Message}");
            }
        }
    }
}
