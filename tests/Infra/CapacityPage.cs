using System.Data;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.Infra.Tests;

/// <summary>
/// The tables of docs/capacity.md. A row whose first cell is a name and whose second is a number is a figure, with where it is from in the last cell; one
/// whose second cell is a formula in backticks is a sum, with its result in the third.
/// </summary>
internal sealed partial class CapacityPage
{
    public Dictionary<string, CapacityFigure> Figures { get; } = new(StringComparer.Ordinal);

    public List<CapacitySum> Sums { get; } = [];

    public static CapacityPage Read(string path)
    {
        var page = new CapacityPage();
        foreach (var line in Repository.Read(path).Split('\n'))
        {
            if (FigureRow().Match(line) is { Success: true } figure)
                page.Figures.Add(figure.Groups[1].Value, new CapacityFigure(figure.Groups[1].Value, Number(figure.Groups[2].Value), figure.Groups[3].Value.Trim()));
            else if (SumRow().Match(line) is { Success: true } sum)
                page.Sums.Add(new CapacitySum(sum.Groups[1].Value, sum.Groups[2].Value, sum.Groups[3].Value));
        }

        return page;
    }

    public static bool IsFigure(string line) => FigureRow().IsMatch(line);

    /// <summary>Names are figures and sums; numbers, parentheses and the four operations are known.</summary>
    public double Evaluate(string formula)
    {
        var numbers = Name().Replace(formula, name => Value(name.Value).ToString("0.0##############", CultureInfo.InvariantCulture));
        using var table = new DataTable { Locale = CultureInfo.InvariantCulture };
        return Convert.ToDouble(table.Compute(numbers, ""), CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a result is the value, rounded to as many places as it is written with.</summary>
    public static bool IsRounded(double value, string written)
    {
        var places = written.Contains('.', StringComparison.Ordinal) ? written.Length - written.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        return Math.Abs(value - Number(written)) <= (0.5 * Math.Pow(10, -places)) + 1e-9;
    }

    /// <summary>Of "4 * 1024 * 1024" and "20_000".</summary>
    public static double Product(string text) => text.Replace("_", "", StringComparison.Ordinal).Split('*').Aggregate(1.0, (product, factor) => product * Number(factor.Trim()));

    /// <summary>By member names and numbers of elements, between slashes: names have dots in them.</summary>
    public static double At(JsonElement element, string path)
    {
        foreach (var part in path.Split('/')) element = element.ValueKind == JsonValueKind.Array ? element[int.Parse(part, CultureInfo.InvariantCulture)] : element.GetProperty(part);
        return element.GetDouble();
    }

    private double Value(string name) =>
        Figures.TryGetValue(name, out var figure) ? figure.Value
        : Sums.Find(sum => sum.Name == name) is { } sum ? Evaluate(sum.Formula)
        : throw new KeyNotFoundException($"The page has no figure and no sum '{name}'.");

    private static double Number(string text) => double.Parse(text.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| `(\w+)` \| ([\d.,]+) \|(?:[^|]*\|)*? ([^|]+) \|$")]
    private static partial Regex FigureRow();

    [GeneratedRegex(@"^\| `(\w+)` \| `([^`]+)` \| \**\$?([\d.,]+)\**")]
    private static partial Regex SumRow();

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Name();
}

/// <param name="From">The last cell of its row.</param>
internal sealed record CapacityFigure(string Name, double Value, string From);

/// <param name="Result">As it is written, without a currency.</param>
internal sealed record CapacitySum(string Name, string Formula, string Result);
