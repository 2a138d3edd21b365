using System.Reflection;
using System.Text.Json.Nodes;
using Orchestrator.Functions.Identity;

namespace Orchestrator.Infra.Tests;

public sealed class EntraTests
{
    [Fact]
    public void The_app_registration_has_the_roles_that_the_app_asks_for_and_no_other()
    {
        var asked = typeof(Roles).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        var offered = Application()["appRoles"]!.AsArray();

        Assert.Equal(asked.Order(StringComparer.Ordinal), offered.Select(role => role!["value"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Equal(offered.Count, offered.Select(role => role!["id"]!.GetValue<Guid>()).Distinct().Count());
    }

    [Fact]
    public void Tokens_come_in_the_version_whose_issuer_and_audience_the_app_believes() =>
        Assert.Equal(2, Application()["api"]!["requestedAccessTokenVersion"]!.GetValue<int>());

    [Fact]
    public void The_Azure_CLI_is_let_in_for_the_scope_that_there_is()
    {
        var scope = Application()["api"]!["oauth2PermissionScopes"]![0]!["id"]!.GetValue<string>();
        var cli = JsonNode.Parse(Repository.Read("infra/entra/azure-cli.json"))!["api"]!["preAuthorizedApplications"]![0]!;

        Assert.Equal(scope, cli["delegatedPermissionIds"]![0]!.GetValue<string>());
    }

    private static JsonNode Application() => JsonNode.Parse(Repository.Read("infra/entra/application.json"))!;
}
