using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Deployments.Expressions;

namespace Orchestrator.Local.AzureEmulator.Deployments;

/// <summary>Who comes after whom: by dependsOn, and by a reference() to a resource of the same template.</summary>
internal static class TemplateOrder
{
    public static async Task ConnectAsync(IReadOnlyList<TemplateResource> resources, TemplateScope scope)
    {
        foreach (var resource in resources)
        {
            foreach (var entry in resource.Source.At("dependsOn") as JsonArray ?? [])
            {
                var name = await TemplateEvaluator.TextAsync(entry, resource.Scope);
                var targets = Matching(resources, name).ToList();
                if (targets.Count == 0 && !name.StartsWith('/') && scope.Resources.Keys.All(symbol => symbol != name))
                    throw new TemplateException($"The resource '{name}' is not defined in the template. Please see https://aka.ms/arm-syntax for usage details.");
                Connect(resource, targets);
            }

            foreach (var reference in TemplateEvaluator.References(Body(resource)))
                Connect(resource, Matching(resources, await NameAsync(reference, resource.Scope)));
        }
    }

    /// <exception cref="TemplateException">Some depend on each other in a circle.</exception>
    public static IReadOnlyList<TemplateResource> Sort(IReadOnlyList<TemplateResource> resources)
    {
        var sorted = new List<TemplateResource>();
        var waiting = resources.ToList();
        while (waiting.Count > 0)
        {
            var ready = waiting.FindAll(resource => resource.DependsOn.TrueForAll(sorted.Contains));
            if (ready.Count == 0)
                throw new TemplateException($"Circular dependency detected on resource: '{waiting[0].Id}'. Please see https://aka.ms/arm-syntax-resources for usage details.", "InvalidTemplateCircularDependency");
            sorted.AddRange(ready);
            waiting.RemoveAll(ready.Contains);
        }

        return sorted;
    }

    private static void Connect(TemplateResource resource, IEnumerable<TemplateResource> targets)
    {
        foreach (var target in targets)
        {
            if (!ReferenceEquals(target, resource) && !resource.DependsOn.Contains(target)) resource.DependsOn.Add(target);
        }
    }

    private static JsonObject Body(TemplateResource resource)
    {
        var body = (JsonObject)resource.Source.DeepClone();
        body.Remove("resources");
        if (resource.IsDeployment && body["properties"] is JsonObject properties) properties.Remove("template");
        return body;
    }

    /// <summary>The name in a reference, or nothing when it cannot be known before resources exist.</summary>
    private static async Task<string> NameAsync(Expression reference, TemplateScope scope)
    {
        try
        {
            return TemplateFunctions.Plain(await TemplateEvaluator.ValueAsync(reference, scope));
        }
        catch (MissingResourceException)
        {
            return "";
        }
    }

    private static IEnumerable<TemplateResource> Matching(IEnumerable<TemplateResource> resources, string name) => resources.Where(resource =>
        name.Equals(resource.Id, StringComparison.OrdinalIgnoreCase)
        || name.Equals(resource.Symbol, StringComparison.OrdinalIgnoreCase)
        || name.Equals(resource.Name, StringComparison.OrdinalIgnoreCase)
        || name.Equals(resource.Loop, StringComparison.OrdinalIgnoreCase)
        || resource.Symbol.StartsWith(name + "[", StringComparison.OrdinalIgnoreCase)
        || name.Equals(Short(resource), StringComparison.OrdinalIgnoreCase));

    /// <summary>The id without its scope: older templates concatenate <c>Microsoft.Web/sites/</c> and the name.</summary>
    private static string Short(TemplateResource resource) => resource.Id[(resource.Id.LastIndexOf("/providers/", StringComparison.OrdinalIgnoreCase) + "/providers/".Length)..];
}
