using System.Text.RegularExpressions;

namespace Orchestrator.Infra.Tests.Bicep;

/// <summary>
/// Reads the structure of Bicep files that are laid out as the formatter does it: a declaration begins at the start of a line. What it does not know at
/// the start of a line is a fault, never passed over.
/// </summary>
public static partial class BicepReader
{
    public static BicepFile Read(string path, string text)
    {
        var statements = Statements(path, text);
        return new BicepFile(
            path,
            [.. Of(statements, "param").Select(s => Parameter(path, s))],
            [.. Of(statements, "var").Select(s => Match(path, VariableHead(), s)).Select(Variable)],
            [.. Of(statements, "resource").Select(s => Match(path, ResourceHead(), s)).Select(Resource)],
            [.. Of(statements, "module").Select(s => Module(path, s))],
            [.. Of(statements, "output").Select(s => Output(path, s))],
            text);
    }

    /// <summary>The names before colons, directly within the braces that open at <paramref name="start"/>.</summary>
    public static IReadOnlyList<string> Members(string text, int start)
    {
        var names = new List<string>();
        var depth = 0;
        foreach (Match token in Tokens().Matches(text[start..]))
        {
            if (token.Value is "{" or "[" or "(") depth++;
            else if (token.Value is "}" or "]" or ")") depth--;
            else if (token.Groups["member"].Success && depth == 1) names.Add(token.Groups["member"].Value);
            if (depth == 0) return names;
        }

        throw new FormatException($"The braces do not close: {text[start..Math.Min(text.Length, start + 60)]}");
    }

    // A statement goes on until the next line that begins one; decorators belong to what follows them.
    private static List<Statement> Statements(string path, string text)
    {
        var statements = new List<Statement>();
        var decorators = new List<string>();
        var lines = new List<string>();
        foreach (var line in text.Split('\n').Append("//end"))
        {
            if (!Beginning().IsMatch(line))
            {
                lines.Add(line);
                continue;
            }

            Finish();
            lines.Add(line);
        }

        return statements;

        void Finish()
        {
            var whole = string.Join('\n', lines).Trim();
            lines.Clear();
            if (whole.StartsWith('@')) decorators.Add(whole);
            else if (whole.Length > 0 && !whole.StartsWith("//", StringComparison.Ordinal))
            {
                var keyword = whole.Split(' ')[0];
                if (keyword is not ("metadata" or "targetScope" or "param" or "var" or "resource" or "module" or "output"))
                    throw new FormatException($"{path}: not known: {whole.Split('\n')[0]}");
                statements.Add(new Statement(keyword, whole, [.. decorators]));
                decorators.Clear();
            }
        }
    }

    private static IEnumerable<Statement> Of(List<Statement> statements, string keyword) => statements.Where(s => s.Keyword == keyword);

    private static BicepParameter Parameter(string path, Statement statement)
    {
        var match = Match(path, ParameterHead(), statement);
        var value = match.Groups["value"];
        return new BicepParameter(match.Groups["name"].Value, match.Groups["type"].Value, value.Success ? value.Value : null, Description(statement), statement.Decorators);
    }

    private static BicepVariable Variable(Match match) => new(match.Groups["name"].Value, match.Groups["value"].Value);

    private static BicepResource Resource(Match match) =>
        new(match.Groups["name"].Value, match.Groups["type"].Value, match.Groups["existing"].Success, match.Groups["body"].Value);

    private static BicepModule Module(string path, Statement statement)
    {
        var match = Match(path, ModuleHead(), statement);
        var folder = System.IO.Path.GetDirectoryName(path)!.Replace('\\', '/');
        var parameters = ParametersOpen().Match(statement.Text);
        return new BicepModule(
            match.Groups["name"].Value,
            $"{folder}/{match.Groups["path"].Value}",
            parameters.Success ? Members(statement.Text, parameters.Index + parameters.Length - 1) : []);
    }

    private static BicepOutput Output(string path, Statement statement)
    {
        var match = Match(path, OutputHead(), statement);
        return new BicepOutput(match.Groups["name"].Value, match.Groups["value"].Value, Description(statement));
    }

    private static string? Description(Statement statement) =>
        statement.Decorators.Select(d => DescriptionDecorator().Match(d)).FirstOrDefault(m => m.Success)?.Groups["text"].Value.Replace("\\'", "'");

    private static Match Match(string path, Regex form, Statement statement)
    {
        var match = form.Match(statement.Text);
        return match.Success ? match : throw new FormatException($"{path}: not understood: {statement.Text.Split('\n')[0]}");
    }

    private sealed record Statement(string Keyword, string Text, IReadOnlyList<string> Decorators);

    [GeneratedRegex(@"^(?:[a-zA-Z@]|//)")]
    private static partial Regex Beginning();

    [GeneratedRegex(@"^param (?<name>\w+) (?<type>[^\s=]+)(?: = (?<value>.+))?\z", RegexOptions.Singleline)]
    private static partial Regex ParameterHead();

    [GeneratedRegex(@"^var (?<name>\w+) = (?<value>.+)\z", RegexOptions.Singleline)]
    private static partial Regex VariableHead();

    [GeneratedRegex(@"^resource (?<name>\w+) '(?<type>[^']+@[^']+)' (?<existing>existing )?= (?<body>.+)\z", RegexOptions.Singleline)]
    private static partial Regex ResourceHead();

    [GeneratedRegex(@"^module (?<name>\w+) '(?<path>[^']+)' = .+\z", RegexOptions.Singleline)]
    private static partial Regex ModuleHead();

    [GeneratedRegex(@"^output (?<name>\w+) \S+ = (?<value>.+)\z", RegexOptions.Singleline)]
    private static partial Regex OutputHead();

    [GeneratedRegex(@"^\s+params: \{", RegexOptions.Multiline)]
    private static partial Regex ParametersOpen();

    [GeneratedRegex(@"^@description\('(?<text>(?:[^'\\]|\\.)*)'\)\z")]
    private static partial Regex DescriptionDecorator();

    // Comments and strings are taken whole, so that what stands in them is not read.
    [GeneratedRegex(@"//[^\n]*|'(?:[^'\\]|\\.)*'|(?<=^\s*)(?<member>\w+)(?=:)|[{}\[\]()]", RegexOptions.Multiline)]
    private static partial Regex Tokens();
}
