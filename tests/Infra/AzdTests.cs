using System.Text.RegularExpressions;

namespace Orchestrator.Infra.Tests;

/// <summary>What the Azure Developer CLI reads, against the template and the hook that it goes with.</summary>
public sealed class AzdTests : IDisposable
{
    private static readonly string Project = Repository.Read("azure.yaml");
    private static readonly string Values = Repository.Read("infra/azd.bicepparam");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("azd");

    [Fact]
    public void It_finds_the_app_by_the_tag_that_the_template_gives_it()
    {
        var service = Regex.Match(Project, @"^services:\n(?:  #.*\n)*  (\w+):$", RegexOptions.Multiline).Groups[1].Value;

        Assert.Contains($"tags: union(tags, {{ 'azd-service-name': '{service}' }})\n", Templates.Of("infra/modules/function-app.bicep").Text);
    }

    [Fact]
    public void Every_path_that_it_names_is_there()
    {
        Assert.Contains("  path: infra\n  module: azd\n", Project);
        Assert.StartsWith("using 'main.bicep'\n", Values);
        Assert.True(Repository.Exists(Regex.Match(Project, @"^    run: (\S+)$", RegexOptions.Multiline).Groups[1].Value));
        Assert.Contains("    project: functions\n", Project);
    }

    [Fact]
    public void It_builds_after_it_has_provisioned_because_only_then_it_knows_what_for() =>
        Assert.Matches(@"workflows:\n(?:  #.*\n)*  up:\n    steps:\n      - azd: provision\n      - azd: deploy --all\n", Project);

    [Fact]
    public void The_template_gets_what_it_requires_and_nothing_that_it_does_not_have()
    {
        var given = Regex.Matches(Values, @"^param (\w+) =", RegexOptions.Multiline).Select(m => m.Groups[1].Value).ToHashSet();
        var parameters = Templates.Of("infra/main.bicep").Parameters;

        Assert.Subset(parameters.Select(p => p.Name).ToHashSet(), given);
        Assert.Subset(given, parameters.Where(p => p.IsRequired).Select(p => p.Name).ToHashSet());
    }

    [Fact]
    public async Task Each_value_without_a_default_is_put_there_by_the_hook_or_by_azd_itself()
    {
        var (code, errors) = await HookAsync(register: "echo client-1");

        var set = File.ReadAllLines(Path.Combine(_folder.FullName, "set")).Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => parts[1]);
        var read = Regex.Matches(Values, @"readEnvironmentVariable\('(\w+)'\)").Select(m => m.Groups[1].Value);
        Assert.True(code == 0, errors);
        Assert.Empty(read.Except(set.Keys).Except(["AZURE_LOCATION"]));
        Assert.Equal(("client-1", "Azure", "DurableTaskScheduler"), (set["ORCHESTRATOR_AUDIENCE"], set["FunctionsHost"], set["DurableBackEnd"]));
    }

    [Fact]
    public async Task Without_a_registration_nothing_is_provisioned()
    {
        var (code, _) = await HookAsync(register: "exit 1");

        Assert.Equal(1, code);
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "set")));
    }

    [Fact]
    public void The_build_takes_the_names_that_the_hook_sets()
    {
        var project = Repository.Read("functions/Functions.csproj") + Repository.Read("Directory.Build.props");

        Assert.All(
            Regex.Matches(Repository.Read("infra/scripts/azd.sh"), @"^azd env set ([A-Z][a-z]\w+) ", RegexOptions.Multiline).Select(m => m.Groups[1].Value),
            property => Assert.Contains($"<{property} Condition=\"'$({property})' == ''\">", project));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // The hook calls the script beside it; here that is a stand-in.
    private async Task<(int Code, string Errors)> HookAsync(string register)
    {
        await Script.StandInAsync(_folder, "azd", "#!/bin/sh\n[ \"$1 $2\" = 'env set' ] && echo \"$3 $4\" >> set\n");
        await Script.StandInAsync(_folder, "register.sh", $"#!/bin/sh\n{register}\n");
        await Script.StandInAsync(_folder, "hook.sh", Repository.Read("infra/scripts/azd.sh"));
        var (code, _, errors) = await Script.RunAsync(Path.Combine(_folder.FullName, "hook.sh"), _folder, new Dictionary<string, string> { ["DurableBackEnd"] = "" });
        return (code, errors);
    }
}
