using System.Text.RegularExpressions;

namespace Orchestrator.Infra.Tests;

/// <summary>
/// A page that is followed from top to bottom in one shell: its bash blocks, line by line, and what each uses that nothing above it has defined. It reads
/// Markdown and bash as these pages write them, no more.
/// </summary>
internal sealed partial class CommandPage(string path, string text)
{
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _defined = [];
    private readonly HashSet<string> _exported = [];
    private int _line;

    /// <returns>The bash of each block, and the line of the page where it begins.</returns>
    public IReadOnlyList<(int Line, string Bash)> Blocks { get; } =
        [.. Block().Matches(text).Select(block => (text[..block.Index].Count(c => c == '\n') + 2, block.Groups["bash"].Value))];

    public IReadOnlyList<string> Faults()
    {
        foreach (var (line, bash) in Blocks)
            ReadBlock(line, bash);
        _line = 0;
        Outputs();
        Paths();
        Parameters();
        return _faults;
    }

    private void ReadBlock(int line, string bash)
    {
        var lines = bash.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            (_line, var command) = (line + i, lines[i]);
            while (IsOpen(command) && i + 1 < lines.Length)
                command = command.TrimEnd('\\') + "\n" + lines[++i];
            ReadCommand(Comment().Replace(command, ""));
        }
    }

    // A backslash at the end, or a quotation that goes on.
    private static bool IsOpen(string command) => command.EndsWith('\\') || Regex.Count(Comment().Replace(command, ""), @"(?<!\\)""") % 2 == 1;

    private void ReadCommand(string command)
    {
        foreach (Match loop in Loop().Matches(command))
            _defined.Add(loop.Groups[1].Value);
        foreach (Match use in Variable().Matches(WithoutSingleQuotes(command)))
            Demand(_defined.Contains(use.Groups[1].Value), $"${use.Groups[1].Value} is not defined above");
        foreach (Match use in Function().Matches(command))
            Demand(_defined.Contains("output"), "output is not defined above");
        foreach (Match call in ScriptCall().Matches(command))
            ReadCall(call.Groups["script"].Value, [.. call.Groups["name"].Captures.Select(c => c.Value)]);
        if (command.Contains("az deployment group create", StringComparison.Ordinal))
            ReadDeployment(command);
        foreach (Match setting in AzdSetting().Matches(command))
            ReadAzdSetting(setting.Groups[1].Value);

        if (FunctionHead().Match(command) is { Success: true } function)
            _defined.Add(function.Groups[1].Value);
        if (Assignments().Match(command) is { Success: true } assignments)
        {
            foreach (Capture name in assignments.Groups["name"].Captures)
            {
                _defined.Add(name.Value);
                if (assignments.Groups["export"].Success)
                    _exported.Add(name.Value);
            }
        }
    }

    private void ReadCall(string script, IReadOnlyCollection<string> given)
    {
        if (!Repository.Exists(script))
            return;
        foreach (Match wanted in Wanted().Matches(Repository.Read(script)))
        {
            var name = wanted.Groups[1].Value;
            Demand(given.Contains(name) || _exported.Contains(name), $"{script} wants {name}, which is neither exported nor given to it");
        }
    }

    private void ReadDeployment(string command)
    {
        var template = TemplateFile().Match(command) is { Success: true } file ? file.Groups[1].Value : "infra/main.bicep";
        var known = Templates.Of(template).Parameters;
        var given = ParameterList().Matches(command).SelectMany(list => Given().Matches(list.Value)).Select(m => m.Groups[1].Value).ToHashSet();
        foreach (var name in given)
            Demand(known.Any(p => p.Name == name), $"{template} has no parameter {name}");
        foreach (var required in known.Where(p => p.IsRequired))
            Demand(given.Contains(required.Name), $"{template} requires {required.Name}");
    }

    private void ReadAzdSetting(string name) => Demand(
        name is "AZURE_RESOURCE_GROUP"
            || (Repository.Read("infra/azd.bicepparam") + Repository.Read("infra/scripts/azd.sh")).Contains(name, StringComparison.Ordinal),
        $"nothing reads azd's {name}");

    private void Outputs()
    {
        var known = Templates.Of("infra/main.bicep").Outputs.Select(o => o.Name).ToHashSet();
        foreach (Match use in Output().Matches(text))
            Demand(known.Contains(use.Groups[1].Value), $"infra/main.bicep has no output {use.Groups[1].Value}");
    }

    private void Paths()
    {
        foreach (var named in RepositoryPath().Matches(text).Select(m => m.Groups["path"].Value))
            Demand(Repository.Exists(named), $"{named} is not there");
        foreach (Match link in Link().Matches(text))
        {
            var target = Path.Combine(Repository.Root, Path.GetDirectoryName(path)!, link.Groups[1].Value);
            Demand(Path.Exists(target), $"{link.Groups[1].Value} is not there");
        }
    }

    // In a parameter file that the page tells to write, and in what is asked of a deployment that was made.
    private void Parameters()
    {
        var known = Templates.Of("infra/main.bicep").Parameters.Select(p => p.Name).ToHashSet();
        var said = Statement().Matches(text).Concat(DeployedParameters().Matches(text).SelectMany(m => ParameterValue().Matches(m.Value)));
        foreach (var name in said.Select(m => m.Groups[1].Value))
            Demand(known.Contains(name), $"infra/main.bicep has no parameter {name}");
    }

    private void Demand(bool holds, string fault)
    {
        if (!holds)
            _faults.Add(_line == 0 ? $"{path}: {fault}" : $"{path}:{_line}: {fault}");
    }

    // Within double quotes a single one is a character like others.
    private static string WithoutSingleQuotes(string command) => Quoted().Replace(command, m => m.Value[0] == '"' ? m.Value : "''");

    [GeneratedRegex(@"^```bash\n(?<bash>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"(?<=^|\s)#[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"""(?:\\.|[^""\\])*""|'[^']*'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<!\\)\$\{?([A-Za-z_]\w*)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\bfor (\w+) in ")]
    private static partial Regex Loop();

    [GeneratedRegex(@"\$\(output ")]
    private static partial Regex Function();

    [GeneratedRegex(@"^\s*(\w+)\(\) \{")]
    private static partial Regex FunctionHead();

    // Assignments before a command are that command's; alone on a line they stay.
    [GeneratedRegex("""^\s*(?<export>export\s+)?(?:(?<name>[A-Za-z_]\w*)=(?:\$\((?:[^()]|\([^()]*\))*\)|"[^"]*"|'[^']*'|[^\s()"'])*\s*)+\z""")]
    private static partial Regex Assignments();

    [GeneratedRegex(@"(?:(?<name>[A-Z_]+)=[^\s(]+\s+)*\./(?<script>(?:eng|infra/scripts)/[\w.-]+)")]
    private static partial Regex ScriptCall();

    [GeneratedRegex(@"\$\{([A-Z_]+):\?\}")]
    private static partial Regex Wanted();

    [GeneratedRegex(@"--template-file (\S+)")]
    private static partial Regex TemplateFile();

    [GeneratedRegex(@"--parameters (?:(?!--)\S+\s*)+")]
    private static partial Regex ParameterList();

    [GeneratedRegex(@"(?<=\s)(\w+)=")]
    private static partial Regex Given();

    [GeneratedRegex(@"\bazd env set (\w+)")]
    private static partial Regex AzdSetting();

    [GeneratedRegex(@"(?:\$\(|`)output (\w+)")]
    private static partial Regex Output();

    [GeneratedRegex(@"(?<![\w/.$-])(?:\./)?(?<path>(?:infra|functions|workflows|eng|docs)/[\w./-]+\.(?:sh|bicep|bicepparam|json|yml|yaml|md|cs)\b)")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`param (\w+) =")]
    private static partial Regex Statement();

    [GeneratedRegex(@"properties\.parameters\.[^\n]*")]
    private static partial Regex DeployedParameters();

    [GeneratedRegex(@"(\w+)\.value")]
    private static partial Regex ParameterValue();
}
