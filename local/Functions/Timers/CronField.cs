using System.Globalization;

namespace Orchestrator.Local.Functions.Timers;

/// <summary>One field of a schedule: the values at which it matches.</summary>
internal sealed class CronField
{
    private readonly bool[] matches;

    private CronField(bool[] matches) => this.matches = matches;

    public bool Matches(int value) => matches[value];

    /// <summary>Parses lists (<c>1,5</c>), ranges (<c>1-5</c>), steps (<c>*/5</c>, <c>1-30/2</c>, <c>5/10</c>: from 5 on) and names.</summary>
    /// <param name="names">Names of values, the first one of <paramref name="least"/>; three letters.</param>
    /// <exception cref="FormatException">The message says what is wrong with the field.</exception>
    public static CronField Parse(string text, string field, int least, int most, IReadOnlyList<string>? names = null)
    {
        var hits = new bool[most + 1];
        foreach (var item in text.Split(','))
        {
            var (from, to, step) = Range(item, field, least, most, names);
            for (var value = from; value <= to; value += step)
                hits[value] = true;
        }

        return new CronField(hits);
    }

    private static (int From, int To, int Step) Range(string item, string field, int least, int most, IReadOnlyList<string>? names)
    {
        var parts = item.Split('/');
        if (parts.Length > 2)
            throw new FormatException($"the {field} has \"{item}\"");
        var step = parts.Length is 2 ? Number(parts[1], field, 1, most, null) : 1;
        if (parts[0] is "*")
            return (least, most, step);
        var ends = parts[0].Split('-');
        if (ends.Length > 2)
            throw new FormatException($"the {field} has \"{item}\"");
        var from = Number(ends[0], field, least, most, names);
        var to = ends.Length is 2 ? Number(ends[1], field, least, most, names) : parts.Length is 2 ? most : from;
        return to >= from ? (from, to, step) : throw new FormatException($"the {field} has \"{item}\", a range that runs backwards");
    }

    private static int Number(string text, string field, int least, int most, IReadOnlyList<string>? names)
    {
        for (var i = 0; i < names?.Count; i++)
            if (text.StartsWith(names[i], StringComparison.OrdinalIgnoreCase))
                return least + i;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"the {field} has \"{text}\", and takes {least} to {most}");
    }
}
