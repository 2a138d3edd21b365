using System.Text.RegularExpressions;

namespace Orchestrator.Infra.Tests;

/// <summary>Whoever is woken by an alert finds its page, and on it what to do.</summary>
public sealed partial class AlertPageTests
{
    private static readonly string[] Headings = ["What it means.", "How to look.", "What is left behind.", "What to do.", "When it can be ignored."];

    public static TheoryData<string> Rules => [.. RuleNames];

    public static TheoryData<string> Pages => [.. Repository.Files("docs/alerts", "*.md")];

    public static TheoryData<string> OperatorsPages => [.. Repository.Files("docs/alerts", "*.md").Append("docs/operations.md")];

    [Theory, MemberData(nameof(Rules))]
    public void A_rule_has_its_page(string rule) => Assert.True(Repository.Exists($"docs/alerts/{rule}.md"), $"docs/alerts/{rule}.md is missing.");

    [Theory, MemberData(nameof(Pages))]
    public void A_page_has_its_rule(string page) => Assert.Contains(Path.GetFileNameWithoutExtension(page), RuleNames);

    [Theory, MemberData(nameof(Pages))]
    public void A_page_begins_with_its_rule_and_has_each_heading_once_in_its_order(string page)
    {
        var text = Repository.Read(page);

        Assert.StartsWith($"# {Path.GetFileNameWithoutExtension(page)}: ", text);
        Assert.Equal(Headings, Heading().Matches(text).Select(m => m.Groups["name"].Value));
    }

    [Theory, MemberData(nameof(OperatorsPages))]
    public void A_link_leads_to_a_file_that_is_there_and_to_a_heading_in_it(string page)
    {
        var links = Link().Matches(Repository.Read(page)).Select(m => (File: m.Groups["file"].Value, Anchor: m.Groups["anchor"].Value)).ToList();

        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Leads(page, link.File, link.Anchor), $"{link.File}#{link.Anchor}"));
    }

    private static IReadOnlyList<string> RuleNames { get; } =
        [.. Name().Matches(List().Match(Repository.Read("infra/modules/alerts.bicep")).Groups["rules"].Value).Select(m => m.Groups["name"].Value)];

    private static bool Leads(string page, string file, string anchor)
    {
        var path = file.Length == 0 ? page : Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, file)));
        if (anchor.Length == 0) return Path.Exists(Path.Combine(Repository.Root, path));
        return Repository.Exists(path) && Title().Matches(Repository.Read(path)).Any(m => Anchor(m.Groups["title"].Value) == anchor);
    }

    // As GitHub makes them.
    private static string Anchor(string title) => Dropped().Replace(title.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^var rules = \[\n(?<rules>.*?)^\]", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex List();

    [GeneratedRegex(@"^    name: '(?<name>[a-z-]+)'$", RegexOptions.Multiline)]
    private static partial Regex Name();

    [GeneratedRegex(@"^\*\*(?<name>[^*]+)\*\*", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^#+ (?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex Title();

    [GeneratedRegex(@"\]\((?!https?:)(?<file>[^)#]*)(#(?<anchor>[^)]*))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Dropped();
}
