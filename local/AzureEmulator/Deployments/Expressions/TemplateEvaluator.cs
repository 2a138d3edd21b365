using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Deployments.Expressions;

/// <summary>Turns template JSON into plain JSON: every expression is replaced by its value, copy loops are unrolled.</summary>
internal static class TemplateEvaluator
{
    /// <summary>Functions that look at the deployment or at what exists, beside the pure ones.</summary>
    private static readonly string[] Contextual =
    [
        "parameters", "variables", "resourceId", "subscriptionResourceId", "tenantResourceId", "extensionResourceId", "resourceGroup", "subscription",
        "deployment", "environment", "tenant", "reference", "copyIndex", "utcNow", "newGuid", "if", "and", "or", "coalesce",
    ];

    /// <exception cref="TemplateException">The template calls what nobody knows.</exception>
    public static void RequireKnownFunctions(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray array:
                foreach (var item in array) RequireKnownFunctions(item);
                break;
            case JsonObject parent:
                foreach (var (_, value) in parent) RequireKnownFunctions(value);
                break;
            case JsonValue leaf when leaf.TryGetValue<string>(out var text) && ExpressionParser.IsExpression(text):
                var unknown = ExpressionParser.Parse(text).Calls().FirstOrDefault(call => !Knows(call.Function));
                if (unknown is null) break;
                throw new TemplateException($"The template function '{unknown.Function}' is not valid. Please see https://aka.ms/arm-functions for usage details.");
        }
    }

    /// <summary>The ids or symbolic names that references in the node need, where these are literal or computable without resources.</summary>
    public static IEnumerable<Expression> References(JsonNode? node) => node switch
    {
        JsonArray array => array.SelectMany(References),
        JsonObject parent => parent.SelectMany(pair => References(pair.Value)),
        JsonValue leaf when leaf.TryGetValue<string>(out var text) && ExpressionParser.IsExpression(text) =>
            ExpressionParser.Parse(text).Calls()
                .Where(call => call.Function.Equals("reference", StringComparison.OrdinalIgnoreCase) && call.Arguments.Count > 0)
                .Select(call => call.Arguments[0]),
        _ => [],
    };

    public static async Task<JsonNode?> EvaluateAsync(JsonNode? node, TemplateScope scope)
    {
        switch (node)
        {
            case JsonArray array:
                var items = new JsonArray();
                foreach (var item in array) items.Add(await EvaluateAsync(item, scope));
                return items;
            case JsonObject parent:
                return await ObjectAsync(parent, scope);
            case JsonValue leaf when leaf.TryGetValue<string>(out var text):
                return await StringAsync(text, scope);
            default:
                return node?.DeepClone();
        }
    }

    private static async Task<JsonNode?> StringAsync(string text, TemplateScope scope)
    {
        if (!ExpressionParser.IsExpression(text)) return text.StartsWith("[[", StringComparison.Ordinal) ? text[1..] : text;
        try
        {
            return (await ValueAsync(ExpressionParser.Parse(text), scope))?.DeepClone();
        }
        catch (MissingResourceException) when (scope.KeepsMissing)
        {
            return text;
        }
    }

    public static async Task<string> TextAsync(JsonNode? node, TemplateScope scope) => TemplateFunctions.Plain(await EvaluateAsync(node, scope));

    public static async Task<JsonNode?> ValueAsync(Expression expression, TemplateScope scope)
    {
        switch (expression)
        {
            case Literal literal:
                return literal.Value;
            case Access access:
                return Member(await ValueAsync(access.Target, scope), await ValueAsync(access.Index, scope));
            case Call call when await LazyAsync(call, scope) is { Handled: true } lazy:
                return lazy.Value;
            case Call call:
                var arguments = new JsonNode?[call.Arguments.Count];
                for (var index = 0; index < arguments.Length; index++) arguments[index] = await ValueAsync(call.Arguments[index], scope);
                return TemplateFunctions.Knows(call.Function)
                    ? TemplateFunctions.Invoke(call.Function, arguments)
                    : await ContextFunctions.InvokeAsync(call.Function, arguments, scope);
            default:
                throw new TemplateException($"Unable to evaluate '{expression}'.");
        }
    }

    private static bool Knows(string function) => TemplateFunctions.Knows(function)
        || Contextual.Contains(function, StringComparer.OrdinalIgnoreCase)
        || function.StartsWith("list", StringComparison.OrdinalIgnoreCase);

    /// <summary>The functions that do not evaluate all of their arguments.</summary>
    private static async Task<(bool Handled, JsonNode? Value)> LazyAsync(Call call, TemplateScope scope)
    {
        switch (call.Function.ToLowerInvariant())
        {
            case "if":
                var chosen = TemplateFunctions.Flag(await ValueAsync(call.Arguments[0], scope)) ? 1 : 2;
                return (true, await ValueAsync(call.Arguments[chosen], scope));
            case "and":
                foreach (var argument in call.Arguments)
                {
                    if (!TemplateFunctions.Flag(await ValueAsync(argument, scope))) return (true, false);
                }

                return (true, true);
            case "or":
                foreach (var argument in call.Arguments)
                {
                    if (TemplateFunctions.Flag(await ValueAsync(argument, scope))) return (true, true);
                }

                return (true, false);
            case "coalesce":
                foreach (var argument in call.Arguments)
                {
                    if (await ValueAsync(argument, scope) is { } value) return (true, value);
                }

                return (true, null);
            default:
                return (false, null);
        }
    }

    private static JsonNode? Member(JsonNode? target, JsonNode? index)
    {
        if (target is JsonArray array && index is JsonValue position && int.TryParse(position.ToString(), out var at) && at >= 0 && at < array.Count) return array[at];
        if (target is JsonObject parent && index is JsonValue name)
        {
            var found = parent.FirstOrDefault(pair => pair.Key.Equals(name.ToString(), StringComparison.OrdinalIgnoreCase));
            if (found.Key is not null) return found.Value;
        }

        throw new TemplateException($"The language expression property '{index}' doesn't exist. Please see https://aka.ms/arm-functions for usage details.");
    }

    private static async Task<JsonObject> ObjectAsync(JsonObject parent, TemplateScope scope)
    {
        var result = new JsonObject();
        foreach (var (name, value) in parent)
        {
            if (name == "copy" && value is JsonArray loops && loops.All(loop => loop.At("input") is not null))
            {
                foreach (var loop in loops) result[loop.Text("name")!] = await UnrollAsync(loop!, scope);
                continue;
            }

            var key = ExpressionParser.IsExpression(name) ? await TextAsync(name, scope) : name;
            result[key] = await EvaluateAsync(value, scope);
        }

        return result;
    }

    private static async Task<JsonArray> UnrollAsync(JsonNode loop, TemplateScope scope)
    {
        var count = int.Parse(await TextAsync(loop.At("count"), scope));
        var items = new JsonArray();
        for (var index = 0; index < count; index++) items.Add(await EvaluateAsync(loop.At("input"), scope.Inside(loop.Text("name")!, index)));
        return items;
    }
}
