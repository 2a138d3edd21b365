using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Workflows.Migrations;

/// <summary>
/// ISO 8601 durations of fixed length: weeks, days, hours, minutes and seconds, the seconds with a fraction of up to seven digits.
/// Years and months are refused, since their length depends on the day they start.
/// </summary>
public static partial class IsoDuration
{
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null || text.Length > 40)
            return false;
        var match = Pattern().Match(text);
        if (!match.Success)
            return false;

        var seconds = Part("w") * 7 * 86_400 + Part("d") * 86_400 + Part("h") * 3_600 + Part("m") * 60 + Part("s");
        if (seconds > (decimal)TimeSpan.MaxValue.TotalSeconds - 1)
            return false;
        duration = TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;

        decimal Part(string name) =>
            match.Groups[name] is { Success: true } group ? decimal.Parse(group.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 0;
    }

    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "PT0S";
        var text = new StringBuilder(duration < TimeSpan.Zero ? "-P" : "P");
        var rest = duration.Duration();
        if (rest.Days > 0)
            text.Append(CultureInfo.InvariantCulture, $"{rest.Days}D");
        rest -= TimeSpan.FromDays(rest.Days);
        if (rest == TimeSpan.Zero)
            return text.ToString();

        text.Append('T');
        if (rest.Hours > 0)
            text.Append(CultureInfo.InvariantCulture, $"{rest.Hours}H");
        if (rest.Minutes > 0)
            text.Append(CultureInfo.InvariantCulture, $"{rest.Minutes}M");
        var seconds = (decimal)(rest.Ticks % TimeSpan.TicksPerMinute) / TimeSpan.TicksPerSecond;
        if (seconds > 0)
            text.Append(seconds.ToString("0.#######", CultureInfo.InvariantCulture)).Append('S');
        return text.ToString();
    }

    [GeneratedRegex(
        @"^P(?=\d|T\d)(?:(?<w>[0-9]{1,8})W)?(?:(?<d>[0-9]{1,9})D)?(?:T(?=[0-9])(?:(?<h>[0-9]{1,10})H)?(?:(?<m>[0-9]{1,10})M)?(?:(?<s>[0-9]{1,12}(?:\.[0-9]{1,7})?)S)?)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
