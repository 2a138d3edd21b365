using System.Text.RegularExpressions;

namespace Orchestrator.Workflows.Migrations;

/// <summary>Recognizes the resource ids of action groups, and nothing that could carry a request elsewhere.</summary>
internal static partial class ActionGroupSyntax
{
    public const string Wanted =
        "The resource id of an action group is wanted: /subscriptions/{guid}/resourceGroups/{group}/providers/Microsoft.Insights/actionGroups/{name}.";

    /// <summary>The names of segments compare without case, as in ARM.</summary>
    public static bool IsValid(string text) =>
        Pattern().Match(text) is { Success: true } match && Guid.TryParseExact(match.Groups["subscription"].Value, "D", out _)
        && !match.Groups["group"].Value.EndsWith('.') && !match.Groups["name"].Value.EndsWith('.');

    [GeneratedRegex(
        @"^/subscriptions/(?<subscription>[0-9a-f-]{36})/resourceGroups/(?<group>[a-z0-9_().-]{1,90})/providers/Microsoft\.Insights/actionGroups/(?<name>[a-z0-9_().-][a-z0-9_(). -]{0,259})\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
