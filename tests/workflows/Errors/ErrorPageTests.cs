using System.Reflection;
using System.Text.RegularExpressions;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Tests.Errors;

public sealed partial class ErrorPageTests
{
    [Fact]
    public void Every_code_has_a_page_that_says_what_happened_what_is_left_and_what_to_do()
    {
        var codes = Codes().ToList();
        var folder = Path.Combine(Repository.Root, "docs", "errors");

        Assert.True(codes.Count > 30, $"only {codes.Count} codes were found");
        Assert.All(codes, code =>
        {
            var page = File.ReadAllText(Path.Combine(folder, $"{code}.md"));
            Assert.StartsWith($"# {code}: ", page, StringComparison.Ordinal);
            Assert.Matches(WhatIsLeft(), page);
        });
    }

    [Fact]
    public void No_code_means_two_things()
    {
        var codes = Codes().ToList();

        Assert.Equal(codes.Distinct(StringComparer.Ordinal).Count(), codes.Count);
    }

    private static IEnumerable<string> Codes() => typeof(FailureCode).Assembly.GetTypes()
        .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static))
        .Where(f => f is { IsLiteral: true } && f.FieldType == typeof(string))
        .Select(f => (string)f.GetRawConstantValue()!)
        .Where(v => v.StartsWith("MIG", StringComparison.Ordinal) && v.Length == 7);

    [GeneratedRegex("(?i)left behind")]
    private static partial Regex WhatIsLeft();
}
