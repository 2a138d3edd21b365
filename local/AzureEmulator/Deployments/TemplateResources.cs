using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Deployments.Expressions;

namespace Orchestrator.Local.AzureEmulator.Deployments;

/// <summary>Finds the resources of a template: arrays and symbolic names, children inside parents, conditions and copy loops.</summary>
internal static class TemplateResources
{
    public static async Task<List<TemplateResource>> ExpandAsync(JsonNode section, TemplateScope scope)
    {
        var found = new List<TemplateResource>();
        if (section is JsonObject symbolic)
        {
            foreach (var (symbol, source) in symbolic) await AddAsync(found, symbol, (JsonObject)source!, scope, null, null);
        }
        else
        {
            foreach (var source in (JsonArray)section) await AddAsync(found, null, (JsonObject)source!, scope, null, null);
        }

        return found;
    }

    private static async Task AddAsync(List<TemplateResource> found, string? symbol, JsonObject source, TemplateScope scope, string? parentType, string? parentName)
    {
        if (source.At("copy") is not JsonObject copy)
        {
            await AddOneAsync(found, symbol, null, source, scope, parentType, parentName);
            return;
        }

        var loop = copy.Text("name") ?? throw new TemplateException("A copy loop has no name.");
        var count = int.Parse(await TemplateEvaluator.TextAsync(copy.At("count"), scope));
        for (var index = 0; index < count; index++)
            await AddOneAsync(found, symbol is null ? null : $"{symbol}[{index}]", loop, source, scope.Inside(loop, index), parentType, parentName);
    }

    private static async Task AddOneAsync(
        List<TemplateResource> found, string? symbol, string? loop, JsonObject source, TemplateScope scope, string? parentType, string? parentName)
    {
        if (source.At("condition") is { } condition && !TemplateFunctions.Flag(await TemplateEvaluator.EvaluateAsync(condition, scope))) return;
        var type = source.Text("type") ?? throw new TemplateException("A template resource has no type.");
        var name = await TemplateEvaluator.TextAsync(source.At("name"), scope);
        if (name.Length == 0) throw new TemplateException($"A template resource of type '{type}' has no name.");
        if (parentType is not null && !type.Contains("/providers/", StringComparison.OrdinalIgnoreCase) && !type.StartsWith(parentType, StringComparison.OrdinalIgnoreCase))
            (type, name) = ($"{parentType}/{type}", $"{parentName}/{name}");
        var version = await TemplateEvaluator.TextAsync(source.At("apiVersion") ?? throw new TemplateException($"The template resource '{name}' has no apiVersion."), scope);
        var id = await IdAsync(source, type, name, scope);
        found.Add(new TemplateResource
        {
            Symbol = symbol ?? id,
            Loop = loop,
            Id = id,
            Type = type,
            Name = name,
            ApiVersion = version,
            Source = source,
            Scope = scope,
            Existing = source.Flag("existing") is true,
        });
        foreach (var child in source.At("resources") as JsonArray ?? []) await AddAsync(found, null, (JsonObject)child!, scope, type, name);
    }

    private static async Task<string> IdAsync(JsonObject source, string type, string name, TemplateScope scope)
    {
        var types = type.Split('/');
        var names = name.Split('/');
        if (types.Length - 1 != names.Length)
        {
            throw new TemplateException(
                $"The template resource '{name}' for type '{type}' has incorrect segment lengths. A nested resource type must have identical number of segments as its resource name.");
        }

        var path = string.Join('/', names.Select((one, index) => $"{types[index + 1]}/{one}"));
        var under = source.At("scope") is { } own ? await TemplateEvaluator.TextAsync(own, scope) : scope.GroupId;
        if (!under.StartsWith('/')) under = $"{scope.GroupId}/providers/{under}";
        return $"{under}/providers/{types[0]}/{path}";
    }
}
