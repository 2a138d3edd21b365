using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Orchestrator.Local.Functions.Hosting;

/// <summary>Text in which <c>%name%</c> stands for the value of a setting.</summary>
internal static partial class SettingExpression
{
    /// <exception cref="StartException">A setting that the text names does not exist; the message names it and the place.</exception>
    public static string Resolve(string text, IConfiguration settings, string place) =>
        Expression().Replace(text, match => settings[match.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal)]
            ?? throw new StartException($"The {place} names the setting {match.Value}, and there is no such setting."));

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.ExplicitCapture)]
    private static partial Regex Expression();
}
