using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Orchestrator.Functions.Migrations;
using Orchestrator.Functions.Problems;
using Orchestrator.Functions.Tests.World;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests;

/// <summary>Holds the description of the API, the pages of its errors and the code together.</summary>
public sealed class DescriptionTests
{
    private static readonly string Description = ReadDescription();

    [Fact]
    public void Every_call_is_described_and_nothing_else_is()
    {
        var described = new List<string>();
        var path = "";
        foreach (var line in Section("paths:").Split('\n'))
        {
            if (Regex.Match(line, @"^  (/\S*):$") is { Success: true } at)
                path = at.Groups[1].Value;
            else if (Regex.Match(line, @"^    (get|put|post|delete|patch):$") is { Success: true } method)
                described.Add($"{method.Groups[1].Value} {path}");
        }

        var served = EdgeWorld.Calls.SelectMany(call => call.Trigger.Methods!.Select(method => $"{method} /{call.Trigger.Route}"));
        Assert.Equal(served.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_call_is_named_after_its_function()
    {
        var functions = EdgeWorld.Calls.Select(call => call.Class.GetMethods().Select(method => method.GetCustomAttribute<FunctionAttribute>()).OfType<FunctionAttribute>().Single().Name);

        Assert.Equal(functions.Order(StringComparer.Ordinal), Regex.Matches(Description, @"operationId: (\w+)").Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_described_statuses_and_steps_are_those_there_are()
    {
        Assert.Equal(RunStatus.All, Words(@"    Status:\n      type: string\n      enum: \[([^\]]*)\]"));
        Assert.Equal(StepNames.All, Words(@"name: \{ type: string, enum: \[(plan, wait[^\]]*)\]"));
    }

    [Fact]
    public void Every_member_of_a_spec_is_described()
    {
        var spec = Section("    Spec:\n");
        var members = Types(typeof(MigrationSpec)).SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)).Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..]);

        Assert.All(members.Distinct(), member => Assert.Matches($@"(?m)^\s+""?{member}""?:", spec + Section("    SiteCall:\n") + Section("    Gates:\n")));
    }

    [Fact]
    public void Every_member_of_a_run_is_described()
    {
        var run = Section("    Run:\n");
        Type[] types = [typeof(RunView), typeof(StepState), typeof(StepProgress), typeof(VerificationState), typeof(PendingApproval), typeof(PendingDecision), typeof(RunFailure), typeof(CutOverState), typeof(LeftBehind)];
        var members = types.SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)).Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..]);

        Assert.All(members.Distinct(), member => Assert.Matches($@"(?m)^\s+{member}:", run));
    }

    [Fact]
    public void Every_code_has_its_page_that_says_what_to_do()
    {
        var codes = typeof(SpecCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!).Concat(ProblemKind.All.Select(kind => kind.Code)).Distinct().ToList();
        var listed = typeof(ProblemKind).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => ((ProblemKind)field.GetValue(null)!).Code);

        Assert.Equal(listed.Order(), ProblemKind.All.Select(kind => kind.Code).Order());
        Assert.All(codes, code =>
        {
            var page = File.ReadAllText(Path.Combine(Repository(), "docs", "errors", $"{code}.md"));
            Assert.StartsWith($"# {code}: ", page);
            Assert.All(["**What happened.**", "**What is left behind.**", "**What to do.**"], heading => Assert.Contains(heading, page));
        });
    }

    private static IEnumerable<Type> Types(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Select(property => property.PropertyType)
        .Select(found => found.IsGenericType ? found.GetGenericArguments()[^1] : found)
        .Where(found => found.Namespace == typeof(MigrationSpec).Namespace && found.IsClass)
        .SelectMany(Types).Prepend(type);

    private static IEnumerable<string> Words(string pattern) => Regex.Match(Description, pattern).Groups[1].Value.Split(", ");

    private static string Section(string heading)
    {
        var start = Description.IndexOf(heading, StringComparison.Ordinal);
        var indent = heading.TakeWhile(character => character == ' ').Count();
        var end = Regex.Match(Description[(start + heading.Length)..], $@"(?m)^ {{0,{indent}}}\w");
        return Description.Substring(start, heading.Length + (end.Success ? end.Index : Description.Length - start - heading.Length));
    }

    private static string ReadDescription()
    {
        using var reader = new StreamReader(typeof(EdgeServices).Assembly.GetManifestResourceStream("openapi.yaml")!);
        return reader.ReadToEnd();
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
