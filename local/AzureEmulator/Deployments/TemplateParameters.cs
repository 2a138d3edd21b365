using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;
using Orchestrator.Local.AzureEmulator.Deployments.Expressions;

namespace Orchestrator.Local.AzureEmulator.Deployments;

/// <summary>Gives each declared parameter its value and checks it.</summary>
internal static class TemplateParameters
{
    public static bool IsSecure(string type) => type.StartsWith("secure", StringComparison.OrdinalIgnoreCase);

    /// <summary>Types are shown capitalised.</summary>
    public static string Shown(string type) => type.ToLowerInvariant() switch
    {
        "securestring" => "SecureString",
        "secureobject" => "SecureObject",
        var other => char.ToUpperInvariant(other[0]) + other[1..],
    };

    /// <summary>Fills the scope's parameters; returns them as a deployment shows them.</summary>
    public static async Task<JsonObject> BindAsync(JsonObject declared, JsonObject given, TemplateScope scope)
    {
        var unknown = given.Select(pair => pair.Key).Where(name => declared.At(name) is null).ToList();
        if (unknown.Count > 0)
        {
            throw new TemplateException(
                $"The template parameters '{string.Join(", ", unknown)}' in the parameters file are not valid; they are not present in the original template and can therefore not be provided at deployment time.");
        }

        var shown = new JsonObject();
        foreach (var (name, declaration) in declared)
        {
            var type = declaration.Text("type") ?? throw new TemplateException($"The template parameter '{name}' has no type.");
            var value = await ValueAsync(name, declaration!, given.At(name), scope);
            Check(name, type, declaration!, value);
            scope.Parameters[name] = value;
            shown[name] = IsSecure(type)
                ? new JsonObject { ["type"] = Shown(type) }
                : new JsonObject { ["type"] = Shown(type), ["value"] = value?.DeepClone() };
        }

        return shown;
    }

    private static async Task<JsonNode?> ValueAsync(string name, JsonNode declaration, JsonNode? given, TemplateScope scope)
    {
        if (given is JsonObject holder)
        {
            if (holder.At("reference") is not null) throw new TemplateException($"The parameter '{name}' refers to a key vault, of which there is none here.");
            if (holder.ContainsKey("value") && (holder["value"] is not null || declaration.Flag("nullable") is true)) return holder["value"]?.DeepClone();
        }

        if (declaration is JsonObject known && known.ContainsKey("defaultValue")) return await TemplateEvaluator.EvaluateAsync(known["defaultValue"], scope);
        if (declaration.Flag("nullable") is true) return null;
        throw new TemplateException(
            $"The value for the template parameter '{name}' at line '1' and column '1' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details.");
    }

    private static void Check(string name, string type, JsonNode declaration, JsonNode? value)
    {
        if (value is null) return;
        var kind = value.GetValueKind();
        var fits = type.ToLowerInvariant() switch
        {
            "string" or "securestring" => kind is JsonValueKind.String,
            "int" => kind is JsonValueKind.Number,
            "bool" => kind is JsonValueKind.True or JsonValueKind.False,
            "array" => kind is JsonValueKind.Array,
            "object" or "secureobject" => kind is JsonValueKind.Object,
            _ => throw new TemplateException($"The type '{type}' of the template parameter '{name}' is not known."),
        };
        if (!fits)
            throw new TemplateException($"Template parameter JToken type is not valid. Expected '{Shown(type)}'. Actual '{kind}'. Please see https://aka.ms/arm-create-parameter-file for usage details.");
        if (declaration.At("allowedValues") is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
        {
            throw new TemplateException(
                $"The provided value for the template parameter '{name}' is not valid. The value '{value}' is not part of the allowed value(s): '{string.Join(',', allowed)}'.");
        }

        var size = kind switch
        {
            JsonValueKind.String => value.GetValue<string>().Length,
            JsonValueKind.Array => ((JsonArray)value).Count,
            _ => (int?)null,
        };
        Limit(name, "length", size, declaration.At("minLength"), declaration.At("maxLength"));
        Limit(name, "value", kind is JsonValueKind.Number ? long.Parse(value.ToString()) : null, declaration.At("minValue"), declaration.At("maxValue"));
    }

    private static void Limit(string name, string what, long? actual, JsonNode? least, JsonNode? most)
    {
        if (actual is null) return;
        if ((least is not null && actual < long.Parse(least.ToString())) || (most is not null && actual > long.Parse(most.ToString())))
            throw new TemplateException($"The provided value for the template parameter '{name}' is not valid: its {what} {actual} is outside the limits.");
    }
}
