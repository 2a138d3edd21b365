using System.Text.Json.Nodes;
using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Tests.Errors;

public sealed class ArmErrorTests(Azurite azurite) : IClassFixture<Azurite>
{
    [Theory]
    [InlineData("The client 'a' does not have authorization to perform action 'Microsoft.Web/sites/slots/write' over scope '/s' or the scope is invalid.", "Microsoft.Web/sites/slots/write on /s. ")]
    [InlineData("The client 'a' has permission to perform action 'Microsoft.Web/sites/slots/write' on scope '/s'; however, it does not have permission to perform action 'Microsoft.Web/serverfarms/join/action' on the linked scope(s) '/plan' or the linked scope(s) are invalid.", "Microsoft.Web/serverfarms/join/action on /plan. ")]
    [InlineData("Resource 'v2' was disallowed by policy.", null)]
    [InlineData(null, null)]
    public void What_a_refusal_says_that_is_missing_is_named(string? message, string? missing) =>
        Assert.Equal(missing is null ? null : $"The orchestrator's identity lacks {missing}", ArmErrors.Lacking(message));

    [Fact]
    public async Task A_role_that_stays_away_ends_the_run_with_the_action_and_the_scope()
    {
        await using var world = await World.StartAsync(azurite);
        await world.FaultAsync("PUT", "/slots/v2$", status: 403, body: Forbidden("Microsoft.Web/sites/slots/write", $"{World.SiteId}/slots/v2"));

        var run = await world.MigrateAsync(world.Spec());

        Assert.Equal((RunStatus.Compensated, StepNames.Provision, ArmCodes.Forbidden), (run.Status, run.Failure?.Step, run.Failure?.Code));
        Assert.StartsWith($"The orchestrator's identity lacks Microsoft.Web/sites/slots/write on {World.SiteId}/slots/v2. PUT ", run.Failure!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_was_just_given_and_does_not_hold_yet_is_waited_for_at_the_beginning()
    {
        await using var world = await World.StartAsync(azurite);
        await world.FaultAsync("GET", "/sites/shop$", status: 403, body: Forbidden("Microsoft.Web/sites/read", World.SiteId), times: 5);

        var run = await world.MigrateAsync(world.Spec() with { Mode = MigrationMode.Plan });

        Assert.True(run.Status == RunStatus.Planned, run.Failure?.ToString());
    }

    /// <summary>As Resource Manager answers for a role that is missing.</summary>
    internal static JsonNode Forbidden(string action, string scope) => new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["code"] = "AuthorizationFailed",
            ["message"] = $"The client 'a' with object id 'a' does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid.",
        },
    };
}
