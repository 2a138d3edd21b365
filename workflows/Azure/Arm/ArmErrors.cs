using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;

namespace Orchestrator.Workflows.Azure.Arm;

/// <summary>
/// Reads Resource Manager's errors: the envelope <c>{"error":{code,message}}</c>, and the shape without it that Microsoft.Web uses
/// (<c>{"Code","Message",…}</c>), for which <see cref="RequestFailedException.ErrorCode"/> is null.
/// </summary>
public static class ArmErrors
{
    public static RequestFailedException Failed(RequestMethod method, Uri uri, Response response)
    {
        var (code, message) = Explain(response.Content.ToString());
        return new RequestFailedException(
            response.Status, $"{method} {uri.AbsolutePath} answered {response.Status}{(code is null ? "" : $" {code}")}{(message is null ? "" : $", {message}")}", code, innerException: null);
    }

    public static (string? Code, string? Message) Explain(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return (null, null);
        try
        {
            var body = JsonNode.Parse(text) as JsonObject;
            var error = body?["error"] as JsonObject ?? body;
            return (Member(error, "code"), Innermost(error));
        }
        catch (JsonException)
        {
            return (null, text.Length <= 300 ? text : text[..300]);
        }
    }

    // A deployment's own message says little; what failed stands in the details, sometimes as JSON inside a string.
    private static string? Innermost(JsonObject? error)
    {
        if (error is null) return null;
        var own = Member(error, "message");
        var inner = (error["details"] as JsonArray)?.OfType<JsonObject>().Select(Innermost).FirstOrDefault(m => m is not null);
        if (own?.StartsWith('{') == true) own = Explain(own).Message ?? own;
        return inner is null || inner == own ? own : $"{own} {inner}";
    }

    private static string? Member(JsonObject? owner, string name) =>
        owner?.FirstOrDefault(m => string.Equals(m.Key, name, StringComparison.OrdinalIgnoreCase)).Value is JsonValue value ? value.ToString() : null;
}
