using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Deployments.Expressions;

/// <summary>The functions that look at the deployment, its scope, or at resources that exist.</summary>
internal static class ContextFunctions
{
    public static async Task<JsonNode?> InvokeAsync(string name, JsonNode?[] arguments, TemplateScope scope)
    {
        switch (name.ToLowerInvariant())
        {
            case "parameters":
                return Find(scope.Parameters, arguments, "parameter");
            case "variables":
                return await TemplateEvaluator.EvaluateAsync(Find(scope.Variables, arguments, "variable"), scope);
            case "resourcegroup":
                return scope.Group;
            case "subscription":
                return new JsonObject
                {
                    ["id"] = $"/subscriptions/{scope.Subscription}",
                    ["subscriptionId"] = scope.Subscription,
                    ["tenantId"] = Guid.Empty.ToString(),
                    ["displayName"] = "Local",
                };
            case "tenant":
                return new JsonObject { ["tenantId"] = Guid.Empty.ToString() };
            case "deployment":
                return new JsonObject { ["name"] = scope.DeploymentName };
            case "environment":
                return new JsonObject { ["name"] = "AzureCloud", ["suffixes"] = new JsonObject { ["storage"] = "core.windows.net" } };
            case "utcnow":
                return DateTime.UtcNow.ToString(arguments.Length > 0 ? arguments[0]!.GetValue<string>() : "yyyyMMddTHHmmssZ");
            case "newguid":
                return Guid.NewGuid().ToString();
            case "copyindex":
                return CopyIndex(arguments, scope);
            case "resourceid":
                return ResourceId(arguments, scope);
            case "subscriptionresourceid":
                return $"/subscriptions/{scope.Subscription}/providers/{Interleave([.. arguments.Select(TemplateFunctions.Plain)])}";
            case "tenantresourceid":
                return $"/providers/{Interleave([.. arguments.Select(TemplateFunctions.Plain)])}";
            case "extensionresourceid":
                return $"{TemplateFunctions.Plain(arguments[0])}/providers/{Interleave([.. arguments.Skip(1).Select(TemplateFunctions.Plain)])}";
            case "reference":
                return await ReferenceAsync(arguments, scope);
            default:
                return await ListAsync(name, arguments, scope);
        }
    }

    private static JsonNode? Find(JsonObject known, JsonNode?[] arguments, string kind)
    {
        var name = TemplateFunctions.Plain(arguments.FirstOrDefault());
        var found = known.FirstOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        return found.Key is null ? throw new TemplateException($"The template {kind} '{name}' is not found. Please see https://aka.ms/arm-syntax-{kind}s for usage details.") : found.Value;
    }

    private static JsonValue CopyIndex(JsonNode?[] arguments, TemplateScope scope)
    {
        var named = arguments.Length > 0 && arguments[0]!.GetValueKind() is System.Text.Json.JsonValueKind.String;
        var loop = named ? TemplateFunctions.Plain(arguments[0]) : "";
        if (!scope.Loops.TryGetValue(loop, out var index)) throw new TemplateException("The template function 'copyIndex' is not expected at this location.");
        var offset = arguments.Skip(named ? 1 : 0).FirstOrDefault();
        return JsonValue.Create(index + (offset is null ? 0 : long.Parse(TemplateFunctions.Plain(offset))));
    }

    /// <summary>resourceId([subscription], [group], type, names...): what stands before the type is a scope.</summary>
    private static string ResourceId(JsonNode?[] arguments, TemplateScope scope)
    {
        var texts = arguments.Select(TemplateFunctions.Plain).ToArray();
        var type = Array.FindIndex(texts, text => text.Contains('/', StringComparison.Ordinal));
        if (type is < 0 or > 2) throw new TemplateException("Unable to evaluate template language function 'resourceId': a resource type is expected.");
        var group = type > 0 ? texts[type - 1] : scope.Group.Text("name")!;
        var subscription = type > 1 ? texts[0] : scope.Subscription;
        return $"/subscriptions/{subscription}/resourceGroups/{group}/providers/{Interleave(texts[type..])}";
    }

    /// <summary>A type and names as a path: <c>Microsoft.Web/sites/slots, a, b</c> is <c>Microsoft.Web/sites/a/slots/b</c>.</summary>
    private static string Interleave(string[] texts)
    {
        var types = texts[0].Split('/');
        var names = texts[1..].SelectMany(name => name.Split('/')).ToArray();
        if (types.Length - 1 != names.Length)
            throw new TemplateException($"Unable to evaluate template language function 'resourceId': the type '{texts[0]}' requires {types.Length - 1} resource name argument(s).");
        return $"{types[0]}/{string.Join('/', names.Select((name, index) => $"{types[index + 1]}/{name}"))}";
    }

    private static async Task<JsonNode?> ReferenceAsync(JsonNode?[] arguments, TemplateScope scope)
    {
        var named = TemplateFunctions.Plain(arguments[0]);
        var known = scope.Resources.TryGetValue(named, out var resource);
        var id = known ? resource.Id : named;
        var version = arguments.Length > 1 && arguments[1] is not null ? TemplateFunctions.Plain(arguments[1]) : known ? resource.ApiVersion : null;
        if (!id.StartsWith('/')) throw new TemplateException($"The resource '{named}' is not defined in the template. Please see https://aka.ms/arm-syntax for usage details.");
        version ??= scope.Resources.Values.FirstOrDefault(one => one.Id.Equals(id, StringComparison.OrdinalIgnoreCase)).ApiVersion
            ?? throw new TemplateException($"The API version is required for the reference to '{id}', which is not in the template.");
        var found = await scope.Lookup("GET", id, version) ?? throw new MissingResourceException(id);
        var full = arguments.Length > 2 && TemplateFunctions.Plain(arguments[2]).Equals("Full", StringComparison.OrdinalIgnoreCase);
        return full ? found : found["properties"];
    }

    private static async Task<JsonNode?> ListAsync(string name, JsonNode?[] arguments, TemplateScope scope)
    {
        var id = TemplateFunctions.Plain(arguments[0]);
        if (scope.Resources.TryGetValue(id, out var symbol)) id = symbol.Id;
        return await scope.Lookup("POST", $"{id}/{name}", TemplateFunctions.Plain(arguments.ElementAtOrDefault(1))) ?? throw new MissingResourceException(id);
    }
}

/// <summary>A reference to a resource that is not there (yet).</summary>
internal sealed class MissingResourceException(string id) : Exception($"The resource '{id}' referenced in the template does not exist.")
{
    public string ResourceId => id;
}
