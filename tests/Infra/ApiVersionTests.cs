using System.Text.RegularExpressions;

namespace Orchestrator.Infra.Tests;

public sealed class ApiVersionTests
{
    [Fact]
    public void Every_type_and_version_is_in_the_reviewed_table_and_the_table_has_no_other()
    {
        var used = Templates.All.SelectMany(file => file.Resources).Select(resource => resource.Type).Distinct().Order(StringComparer.Ordinal);
        var reviewed = Rows().Select(row => $"{row.Type}@{row.Version}").Order(StringComparer.Ordinal);

        Assert.Equal(reviewed, used);
    }

    [Fact]
    public void Every_row_says_where_it_was_seen_and_none_is_a_preview()
    {
        Assert.All(Rows(), row =>
        {
            Assert.Matches(@"^\d{4}-\d{2}-\d{2}$", row.Version);
            Assert.Matches(@"\w+/\w+", row.Seen);
        });
    }

    [Fact]
    public void A_type_has_one_version()
    {
        var several = Rows().GroupBy(row => row.Type).Where(group => group.Count() > 1).Select(group => group.Key);

        Assert.Empty(several);
    }

    private static List<(string Type, string Version, string Seen)> Rows()
    {
        const string row = @"^\| `(?<type>Microsoft\.[^`]+)` \| (?<version>\S+) \| (?<seen>[^|]+) \|";
        var rows = Regex.Matches(Repository.Read("infra/api-versions.md"), row, RegexOptions.Multiline)
            .Select(m => (m.Groups["type"].Value, m.Groups["version"].Value, m.Groups["seen"].Value.Trim())).ToList();
        Assert.NotEmpty(rows);
        return rows;
    }
}
