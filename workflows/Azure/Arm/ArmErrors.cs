using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core;

namespace Orchestrator.Workflows.Azure.Arm;

/// <summary>
/// Reads Resource Manager's errors: the envelope <c>{"error":{code,message}}</c>, and the shape without it that Microsoft.Web uses
/// (<c>{"Code","Message",…}</c>), for which <see cref="RequestFailedException.ErrorCode"/> is null.
/// </summary>
public static partial class ArmErrors
{
    /// <summary>The failure that a refused call is. A 403 carries our code at the start of its message, and first what it lacks.</summary>
    public static RequestFailedException Failed(RequestMethod method, Uri uri, Response response)
    {
        var (code, message) = Explain(response.Content.ToString());
        var said = $"{method} {uri.AbsolutePath} answered {response.Status}{(code is null ? "" : $" {code}")}{(message is null ? "" : $", {message}")}";
        return new RequestFailedException(response.Status, response.Status == 403 ? $"{ArmCodes.Forbidden}: {Lacking(message)}{said}" : said, code, innerException: null);
    }

    /// <summary>Of a message that names the action and the scope on which it is missing.</summary>
    internal static string? Lacking(string? message) => message is not null && Missing().Match(message) is { Success: true } missing
        ? $"The orchestrator's identity lacks {missing.Groups["action"].Value} on {missing.Groups["scope"].Value}. "
        : null;

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

    // AuthorizationFailed says "to perform action 'A' over scope 'S'"; LinkedAuthorizationFailed names first what is allowed, then what is not "on the linked scope(s) 'S'".
    [GeneratedRegex(@"not have (?:authorization|permission) to perform action '(?<action>[^']+)' (?:over scope|on the linked scope\(s\)) '(?<scope>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Missing();
}

/// <summary>What Resource Manager can answer that only people can mend.</summary>
public static class ArmCodes
{
    /// <summary>A 403. It is repeated all the same: a role holds some minutes after it was given.</summary>
    public const string Forbidden = "MIG0108";
}
