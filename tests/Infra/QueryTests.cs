using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Orchestrator.Functions;
using Orchestrator.Workflows;

namespace Orchestrator.Infra.Tests;

public sealed partial class QueryTests
{
    private static readonly string[] OfTheHost = ["infra/kql/activities.kql", "infra/kql/host-errors.kql", "infra/kql/steps-failed.kql"];

    public static TheoryData<string> Queries => [.. Repository.Files("infra/kql", "*.kql")];

    [Theory, MemberData(nameof(Queries))]
    public void A_query_reads_what_the_app_logs_or_says_that_its_host_does(string path)
    {
        var text = Repository.Read(path);
        var messages = Said().Matches(text).Select(m => m.Groups["message"].Value).ToList();
        if (OfTheHost.Contains(path))
        {
            Assert.Empty(messages);
            Assert.StartsWith("// Logged by the ", text);
            return;
        }

        Assert.NotEmpty(messages);
        Assert.All(messages, message => Assert.Contains(message, Logged.Keys));
        Assert.All(Literals(text), literal => Assert.Contains(messages.SelectMany(Plain), part => part.Contains(literal, StringComparison.Ordinal)));
    }

    [Theory, MemberData(nameof(Queries))]
    public void A_line_that_comes_with_an_exception_is_looked_for_where_it_is_kept(string path)
    {
        var text = Repository.Read(path);

        // Source: TelemetryTests, which take what is sent to Application Insights.
        Assert.All(Said().Matches(text).Select(m => m.Groups["message"].Value), message =>
        {
            Assert.Equal(Logged[message], text.Contains($" == \"{message}\"", StringComparison.Ordinal));
            Assert.Contains(Logged[message] ? "\nAppExceptions\n" : "AppTraces\n", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task The_parser_of_the_query_language_finds_no_fault()
    {
        var folder = Path.Combine(Repository.Root, "tests/Infra/kusto");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            var install = await Tool.RunAsync("npm", "ci", "--prefix", folder, "--no-audit", "--no-fund");
            Assert.True(install.Code == 0, install.Errors);
        }

        var (exitCode, faults, said) = await Tool.RunAsync("node", [Path.Combine(folder, "check.js"), .. Repository.Files("infra/kql", "*.kql").Concat(Repository.Files("docs", "*.md")).Select(path => Path.Combine(Repository.Root, path))]);

        Assert.Equal("", faults + said);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void Every_query_is_loaded_and_every_file_that_is_loaded_is_there()
    {
        var loaded = Templates.All.SelectMany(file => Loaded().Matches(file.Text).Select(m => Combine(file.Path, m.Groups["path"].Value))).Distinct().ToList();

        Assert.All(loaded, path => Assert.True(Repository.Exists(path), path));
        Assert.Empty(Repository.Files("infra/kql", "*.kql").Except(loaded));
        // A script that no template loads is one that a pipeline, a hook, a page or another script calls.
        var callers = string.Concat(Repository.Files("infra/pipelines", "*").Concat(Repository.Files("docs", "*.md")).Concat(Repository.Files("infra/scripts", "*")).Append("azure.yaml").Select(Repository.Read));
        Assert.DoesNotContain(Repository.Files("infra/scripts", "*").Except(loaded), script => !Regex.IsMatch(callers, $@"(?:infra/scripts|\$scripts)/{Path.GetFileName(script)}\b"));
    }

    // Each message of the app, and whether an exception comes with it.
    private static readonly Dictionary<string, bool> Logged = new[] { typeof(WorkflowServices).Assembly, typeof(EdgeServices).Assembly }
        .SelectMany(assembly => assembly.GetTypes())
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)
        .GroupBy(method => method.GetCustomAttribute<LoggerMessageAttribute>()!.Message)
        .ToDictionary(same => same.Key, same => same.First().GetParameters().Any(p => typeof(Exception).IsAssignableFrom(p.ParameterType)), StringComparer.Ordinal);

    // What is looked for in messages: string literals on lines that speak of Message, the names of verdicts aside.
    private static IEnumerable<string> Literals(string text) =>
        text.Split('\n').Where(line => !line.StartsWith("//", StringComparison.Ordinal) && line.Contains("Message ", StringComparison.Ordinal))
            .SelectMany(line => Literal().Matches(line).Select(m => m.Groups["text"].Value));

    private static IEnumerable<string> Plain(string message) => Hole().Split(message).Where(part => part.Length > 0);

    private static string Combine(string file, string relative) =>
        Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, relative))).Replace('\\', '/');

    [GeneratedRegex(@"^// Logged by the app: (?<message>.+)$", RegexOptions.Multiline)]
    private static partial Regex Said();

    [GeneratedRegex(@"loadTextContent\('(?<path>[^']+)'\)")]
    private static partial Regex Loaded();

    [GeneratedRegex("\"(?<text>[^\"]*)\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Hole();
}
