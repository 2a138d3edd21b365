using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orchestrator.Infra.Tests;

/// <summary>The pipelines and the scripts that they build and release with. A YAML reader is not at hand: what is looked at is text.</summary>
public sealed partial class PipelineTests : IDisposable
{
    private static readonly string[] BackEnds = [.. Quoted().Matches(
        Templates.Of("infra/main.bicep").Parameters.Single(p => p.Name == "backEnd").Decoration("allowed")!).Select(m => m.Groups[1].Value)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline");

    public static TheoryData<string> Pipelines => [.. Repository.Files("infra/pipelines", "*.yml")];

    [Theory, MemberData(nameof(Pipelines))]
    public void A_script_that_is_called_is_there_and_can_be_called(string path)
    {
        var called = Called().Matches(Repository.Read(path)).Select(m => m.Groups["script"].Value).Distinct().ToList();

        Assert.Contains("eng/test.sh", called);
        Assert.Contains("infra/scripts/package.sh", called);
        Assert.Contains("infra/scripts/deploy.sh", called);
        Assert.All(called, script =>
        {
            Assert.True(Repository.Exists(script), script);
            if (!OperatingSystem.IsWindows())
                Assert.True(File.GetUnixFileMode(Path.Combine(Repository.Root, script)).HasFlag(UnixFileMode.UserExecute), script);
        });
    }

    [Theory, MemberData(nameof(Pipelines))]
    public void Every_back_end_that_the_template_knows_is_packaged(string path) =>
        Assert.Contains($"for backEnd in {string.Join(' ', BackEnds)}; do", Repository.Read(path));

    [Theory, MemberData(nameof(Pipelines))]
    public void What_a_script_wants_to_be_told_is_told_by_the_pipeline_or_by_who_sets_it_up(string path)
    {
        var text = Repository.Read(path);
        var document = Repository.Read("docs/upgrade.md");
        var missing =
            from script in Called().Matches(text).Select(m => m.Groups["script"].Value).Distinct()
            from name in Wanted().Matches(Repository.Read(script)).Select(m => m.Groups[1].Value).Distinct()
            where !Regex.IsMatch(text, $@"\b{name}[:=]") && !document.Contains($"| `{name}` |", StringComparison.Ordinal)
            select $"{script}: {name}";

        Assert.Empty(missing);
    }

    [Theory, MemberData(nameof(Pipelines))]
    public void Resources_change_after_a_look_at_what_would_change_and_after_the_wait_for_cut_overs_and_the_app_last(string path)
    {
        var text = Repository.Read(path);
        string[] order = ["deployment group what-if", "deploy.sh wait", "deployment group create", "infra/scripts/deploy.sh\n"];

        var places = order.Select(step => text.IndexOf(step, StringComparison.Ordinal)).ToList();

        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Theory, MemberData(nameof(Pipelines))]
    public void No_secret_is_asked_for(string path) => Assert.DoesNotMatch(@"(?i)secrets\.|client-secret|creds:|publish-profile", Repository.Read(path));

    [Theory]
    [InlineData("DurableTaskScheduler")]
    [InlineData("AzureStorage")]
    public async Task A_package_is_built_for_Azure_for_its_back_end_and_says_its_version(string backEnd)
    {
        await PackageToolsAsync();

        var (code, output, errors) = await PackageAsync(backEnd);

        Assert.True(code == 0, errors);
        Assert.Equal(
            $"publish functions -c Release -p:FunctionsHost=Azure -p:DurableBackEnd={backEnd} -p:InformationalVersion=1.2.3 --output",
            Read("dotnet-calls").Split("--output")[0] + "--output");
        Assert.Equal("host.json", Read("out/app.zip").Trim());
        Assert.Equal(Path.Combine(_folder.FullName, "out/app.zip"), output.Trim());
    }

    [Fact]
    public async Task A_back_end_that_there_is_not_is_refused_before_anything_is_built()
    {
        await PackageToolsAsync();

        var (code, _, errors) = await PackageAsync("Netherite");

        Assert.Equal(1, code);
        Assert.Contains("not Netherite", errors);
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "dotnet-calls")));
    }

    [Fact]
    public async Task The_portal_s_files_name_the_packages_of_the_release_and_the_button_names_the_files()
    {
        await Script.StandInAsync(_folder, "az", "#!/bin/sh\n[ \"$1 $2\" = 'bicep build' ] && echo '{}' > \"$6\"\n");
        var environment = new Dictionary<string, string>
        {
            ["VERSION"] = "1.2.3", ["OUTPUT"] = "out", ["PACKAGES"] = "https://example.com/v1.2.3", ["PAGES"] = "https://example.net/portal/v1.2.3",
        };

        var (code, button, errors) = await Script.RunAsync("infra/scripts/portal.sh", _folder, environment);

        var form = JsonNode.Parse(Read("out/createUiDefinition.json"))!;
        var before = JsonNode.Parse(Repository.Read("infra/createUiDefinition.json"))!;
        var packages = Packages(form).Select(control => control["defaultValue"]!.GetValue<string>()).ToList();
        Assert.True(code == 0, errors);
        Assert.Equal(BackEnds.Select(backEnd => $"https://example.com/v1.2.3/orchestrator-1.2.3-{backEnd}.zip"), packages);
        Assert.Contains("PACKAGE=artifacts/packages/orchestrator-$VERSION-$backEnd.zip", Repository.Read("infra/pipelines/github-actions.yml"));
        Assert.Contains("/uri/https%3A%2F%2Fexample.net%2Fportal%2Fv1.2.3%2Fazuredeploy.json/createUIDefinitionUri/https%3A%2F%2Fexample.net%2Fportal%2Fv1.2.3%2FcreateUiDefinition.json)", button);
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "out/azuredeploy.json")));
        foreach (var control in Packages(form).Concat(Packages(before)))
            control["defaultValue"] = "";
        Assert.True(JsonNode.DeepEquals(before, form));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static IEnumerable<JsonNode> Packages(JsonNode form) =>
        form["parameters"]!["steps"]!.AsArray().SelectMany(step => step!["elements"]!.AsArray()).OfType<JsonNode>()
            .Where(control => control["name"]!.GetValue<string>().StartsWith("packageFor", StringComparison.Ordinal));

    // A build that makes one file, and a zip that is the list of what went in.
    private async Task PackageToolsAsync()
    {
        await Script.StandInAsync(_folder, "dotnet", "#!/bin/sh\necho \"$*\" >> dotnet-calls\nfor last; do :; done\necho {} > \"$last/host.json\"\n");
        await Script.StandInAsync(_folder, "zip", "#!/bin/sh\nls > \"$2\"\n");
    }

    private Task<(int Code, string Output, string Errors)> PackageAsync(string backEnd) => Script.RunAsync(
        "infra/scripts/package.sh", _folder, new Dictionary<string, string> { ["PACKAGE"] = "out/app.zip", ["VERSION"] = "1.2.3", ["BACK_END"] = backEnd });

    private string Read(string name) => File.ReadAllText(Path.Combine(_folder.FullName, name));

    [GeneratedRegex(@"\./(?<script>(?:eng|infra/scripts)/[\w.-]+)")]
    private static partial Regex Called();

    [GeneratedRegex(@"\$\{([A-Z_]+):\?\}")]
    private static partial Regex Wanted();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
