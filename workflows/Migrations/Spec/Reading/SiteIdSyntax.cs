using System.Text.RegularExpressions;

namespace Orchestrator.Workflows.Migrations;

/// <summary>Recognizes the resource ids of App Service sites, and nothing that could carry a request elsewhere.</summary>
internal static partial class SiteIdSyntax
{
    public const string Wanted =
        "The resource id of a site is wanted: /subscriptions/{guid}/resourceGroups/{group}/providers/Microsoft.Web/sites/{name}, without a slot.";

    /// <summary>The names of segments compare without case, as in ARM.</summary>
    public static bool IsValid(string text) =>
        Pattern().Match(text) is { Success: true } match && Guid.TryParseExact(match.Groups["subscription"].Value, "D", out _) && !match.Groups["group"].Value.EndsWith('.');

    [GeneratedRegex(
        @"^/subscriptions/(?<subscription>[0-9a-f-]{36})/resourceGroups/(?<group>[a-z0-9_().-]{1,90})/providers/Microsoft\.Web/sites/[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
