using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Local.AzureEmulator.Arm;

namespace Orchestrator.Local.AzureEmulator.Deployments.Expressions;

/// <summary>The functions of the template language that only compute. Names ignore case.</summary>
internal static class TemplateFunctions
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly Dictionary<string, Func<JsonNode?[], JsonNode?>> Pure = new(StringComparer.OrdinalIgnoreCase)
    {
        ["concat"] = Concat,
        ["format"] = arguments => string.Format(Text(arguments, 0), [.. arguments.Skip(1).Select(Plain)]),
        ["toLower"] = arguments => Text(arguments, 0).ToLowerInvariant(),
        ["toUpper"] = arguments => Text(arguments, 0).ToUpperInvariant(),
        ["trim"] = arguments => Text(arguments, 0).Trim(),
        ["replace"] = arguments => Text(arguments, 0).Replace(Text(arguments, 1), Text(arguments, 2), StringComparison.Ordinal),
        ["substring"] = arguments => arguments.Length > 2 ? Text(arguments, 0).Substring(Int(arguments, 1), Int(arguments, 2)) : Text(arguments, 0)[Int(arguments, 1)..],
        ["split"] = arguments => Array(Text(arguments, 0).Split(Text(arguments, 1))),
        ["join"] = arguments => string.Join(Text(arguments, 1), ((JsonArray)arguments[0]!).Select(Plain)),
        ["startsWith"] = arguments => Text(arguments, 0).StartsWith(Text(arguments, 1), StringComparison.OrdinalIgnoreCase),
        ["endsWith"] = arguments => Text(arguments, 0).EndsWith(Text(arguments, 1), StringComparison.OrdinalIgnoreCase),
        ["uniqueString"] = arguments => UniqueString(string.Join('-', arguments.Select(Plain))),
        ["guid"] = arguments => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('-', arguments.Select(Plain))))[..16]).ToString(),
        ["base64"] = arguments => Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(arguments, 0))),
        ["uri"] = arguments => new Uri(new Uri(Text(arguments, 0)), Text(arguments, 1)).ToString(),
        ["uriComponent"] = arguments => Uri.EscapeDataString(Text(arguments, 0)),
        ["string"] = arguments => arguments[0] is JsonValue ? Plain(arguments[0]) : arguments[0]?.ToJsonString(Json.Web),
        ["int"] = arguments => long.Parse(Plain(arguments[0])),
        ["bool"] = arguments => bool.Parse(Plain(arguments[0])),
        ["json"] = arguments => JsonNode.Parse(Text(arguments, 0)),
        ["null"] = _ => null,
        ["true"] = _ => true,
        ["false"] = _ => false,
        ["add"] = arguments => Long(arguments, 0) + Long(arguments, 1),
        ["sub"] = arguments => Long(arguments, 0) - Long(arguments, 1),
        ["mul"] = arguments => Long(arguments, 0) * Long(arguments, 1),
        ["div"] = arguments => Long(arguments, 0) / Long(arguments, 1),
        ["mod"] = arguments => Long(arguments, 0) % Long(arguments, 1),
        ["min"] = arguments => arguments.Select((_, index) => Long(arguments, index)).Min(),
        ["max"] = arguments => arguments.Select((_, index) => Long(arguments, index)).Max(),
        ["range"] = arguments => new JsonArray([.. Enumerable.Range(Int(arguments, 0), Int(arguments, 1)).Select(number => (JsonNode?)number)]),
        ["equals"] = arguments => AreEqual(arguments[0], arguments[1]),
        ["not"] = arguments => !Flag(arguments[0]),
        ["less"] = arguments => Compare(arguments) < 0,
        ["lessOrEquals"] = arguments => Compare(arguments) <= 0,
        ["greater"] = arguments => Compare(arguments) > 0,
        ["greaterOrEquals"] = arguments => Compare(arguments) >= 0,
        ["empty"] = arguments => Length(arguments[0]) == 0,
        ["length"] = arguments => Length(arguments[0]),
        ["contains"] = Contains,
        ["first"] = arguments => arguments[0] is JsonArray array ? array.FirstOrDefault()?.DeepClone() : Text(arguments, 0)[..1],
        ["last"] = arguments => arguments[0] is JsonArray array ? array.LastOrDefault()?.DeepClone() : Text(arguments, 0)[^1..],
        ["createArray"] = arguments => new JsonArray([.. arguments.Select(argument => argument?.DeepClone())]),
        ["array"] = arguments => arguments[0] is JsonArray ? arguments[0]!.DeepClone() : new JsonArray(arguments[0]?.DeepClone()),
        ["createObject"] = CreateObject,
        ["union"] = Union,
        ["items"] = arguments => new JsonArray([.. ((JsonObject)arguments[0]!).OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
            .Select(pair => (JsonNode?)new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value?.DeepClone() })]),
    };

    public static bool Knows(string name) => Pure.ContainsKey(name);

    /// <exception cref="TemplateException">The arguments do not fit.</exception>
    public static JsonNode? Invoke(string name, JsonNode?[] arguments)
    {
        try
        {
            return Pure[name](arguments);
        }
        catch (Exception unfit) when (unfit is InvalidCastException or InvalidOperationException or FormatException or IndexOutOfRangeException
            or ArgumentException or NullReferenceException or System.Text.Json.JsonException or DivideByZeroException or OverflowException)
        {
            throw new TemplateException($"Unable to evaluate template language function '{name}': {unfit.Message} Please see https://aka.ms/arm-functions for usage details.");
        }
    }

    public static bool Flag(JsonNode? node) => node!.GetValue<bool>();

    public static string Plain(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag ? "True" : "False",
        JsonValue value => value.ToString(),
        _ => node.ToJsonString(Json.Web),
    };

    /// <summary>Thirteen characters that depend on nothing but the arguments. Not Azure's algorithm, which is not published: the values differ.</summary>
    private static string UniqueString(string seed)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(seed));
        return string.Concat(hash.Take(13).Select(part => Alphabet[part % 32]));
    }

    private static string Text(JsonNode?[] arguments, int index) => arguments[index]!.GetValue<string>();

    private static int Int(JsonNode?[] arguments, int index) => (int)Long(arguments, index);

    private static long Long(JsonNode?[] arguments, int index) => long.Parse(Plain(arguments[index]));

    private static JsonArray Array(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode?)text)];

    private static JsonNode Concat(JsonNode?[] arguments) => arguments.Length > 0 && arguments[0] is JsonArray
        ? new JsonArray([.. arguments.SelectMany(argument => (JsonArray)argument!).Select(item => item?.DeepClone())])
        : JsonValue.Create(string.Concat(arguments.Select(Plain)));

    private static bool AreEqual(JsonNode? left, JsonNode? right) => left is JsonValue && right is JsonValue
        ? Plain(left) == Plain(right)
        : JsonNode.DeepEquals(left, right);

    private static int Compare(JsonNode?[] arguments) => long.TryParse(Plain(arguments[0]), out _)
        ? Long(arguments, 0).CompareTo(Long(arguments, 1))
        : string.CompareOrdinal(Text(arguments, 0), Text(arguments, 1));

    private static int Length(JsonNode? node) => node switch
    {
        null => 0,
        JsonArray array => array.Count,
        JsonObject parent => parent.Count,
        _ => Plain(node).Length,
    };

    private static JsonNode Contains(JsonNode?[] arguments) => arguments[0] switch
    {
        JsonArray array => array.Any(item => AreEqual(item, arguments[1])),
        JsonObject parent => parent.Any(pair => pair.Key.Equals(Text(arguments, 1), StringComparison.OrdinalIgnoreCase)),
        _ => Text(arguments, 0).Contains(Text(arguments, 1), StringComparison.Ordinal),
    };

    private static JsonObject CreateObject(JsonNode?[] arguments)
    {
        var created = new JsonObject();
        for (var index = 0; index < arguments.Length; index += 2) created[Text(arguments, index)] = arguments[index + 1]?.DeepClone();
        return created;
    }

    private static JsonNode Union(JsonNode?[] arguments)
    {
        if (arguments[0] is JsonArray)
        {
            var all = new JsonArray();
            foreach (var item in arguments.SelectMany(argument => (JsonArray)argument!))
            {
                if (!all.Any(known => AreEqual(known, item))) all.Add(item?.DeepClone());
            }

            return all;
        }

        var merged = new JsonObject();
        foreach (var argument in arguments) Json.Merge(merged, (JsonObject)argument!);
        return merged;
    }
}
