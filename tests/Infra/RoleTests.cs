using System.Text.RegularExpressions;

namespace Orchestrator.Infra.Tests;

public sealed partial class RoleTests
{
    // Reviewed: what each is for stands in the module that gives it.
    private static readonly Dictionary<string, string> Reviewed = new()
    {
        ["acdd72a7-3385-48ef-bd42-f606fba81ae7"] = "Reader",
        ["de139f84-1756-47ae-9be6-808fbbe84772"] = "Website Contributor",
        ["43d0d8ad-25c7-4714-9337-8ba259a9fe05"] = "Monitoring Reader",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["0ad04412-c4d5-4796-b79c-f76d14c8d402"] = "Durable Task Data Contributor",
    };

    [Fact]
    public void Every_role_is_one_of_the_reviewed_ones_and_each_of_these_is_given()
    {
        var given = Templates.All.SelectMany(file => Id().Matches(file.Text).Select(m => m.Value)).ToHashSet();

        Assert.Equal(Reviewed.Keys.Order(StringComparer.Ordinal), given.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_role_is_called_by_its_name_so_that_a_reader_need_not_look_up_ids()
    {
        var faults =
            from file in Templates.All
            from variable in file.Variables
            let role = Reviewed.GetValueOrDefault(variable.Value.Trim('\''))?.Replace(" ", "")
            where role is not null && !role.EndsWith(variable.Name, StringComparison.OrdinalIgnoreCase)
            select $"{file.Path}: {variable.Name}";

        Assert.Empty(faults);
    }

    [Fact]
    public void A_role_is_given_on_one_resource_to_one_identity_by_its_id()
    {
        var assignments = Templates.All.SelectMany(file => file.Resources.Select(resource => (file, resource)))
            .Where(a => a.resource.Type.StartsWith("Microsoft.Authorization/roleAssignments@", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(assignments);
        Assert.All(assignments, assignment =>
        {
            var scope = Regex.Match(assignment.resource.Body, @"^\s+scope: (\w+)$", RegexOptions.Multiline).Groups[1].Value;
            Assert.Contains(assignment.file.Resources, r => r.IsExisting && r.Name == scope);
            Assert.Contains("principalId: principalId\n", assignment.resource.Body);
            Assert.Contains("subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)", assignment.resource.Body);
            Assert.StartsWith("infra/modules/role-assignments-", assignment.file.Path);
        });
    }

    // That an alert is split by whatever value a column has gives nobody anything.
    [Fact]
    public void No_role_of_our_own_is_defined_and_nothing_is_given_with_a_wildcard() =>
        Assert.All(Templates.All, file => Assert.DoesNotMatch(@"(?i)roleDefinitions@|(?<!values: \[)'\*'", file.Text));

    [GeneratedRegex("(?<=')[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=')")]
    private static partial Regex Id();
}
