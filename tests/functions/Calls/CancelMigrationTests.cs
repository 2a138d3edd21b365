using Orchestrator.Functions.Tests.World;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.Calls;

[Collection(EdgeCollection.Name)]
public sealed class CancelMigrationTests(EdgeWorld world)
{
    private static readonly DateTimeOffset Then = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    private static RunState State(string status, params StepState[] steps) => new(status, steps, null, null, null, null, Then);

    [Fact]
    public async Task A_cancellation_reaches_the_run_with_who_asked_and_why()
    {
        await world.StartRunAsync("unwanted");
        await world.SayAsync("unwanted", State(RunStatus.Running, new StepState(StepNames.CutOver, StepStatus.Pending)));

        var reply = await world.PostAsync("/api/migrations/unwanted/cancel", People.Operator, """{"reason":"wrong package"}""");

        Assert.Equal((202, "/api/migrations/unwanted"), (reply.Status, reply.Header("Location")));
        await world.UntilAsync("unwanted", instance => instance.ReadCustomStatusAs<RunState>()!.Steps.Any(step => step.Name == "cancelled by oli@contoso.com: wrong package"));
    }

    [Theory]
    [InlineData("cut-over", RunStatus.Running, StepNames.CutOver, StepStatus.Running)]
    [InlineData("watching", RunStatus.Watching, StepNames.CutOver, StepStatus.Succeeded)]
    [InlineData("undoing", RunStatus.Compensating, StepNames.Sync, StepStatus.Failed)]
    [InlineData("rejected", RunStatus.Rejected, StepNames.Approve, StepStatus.Failed)]
    public async Task A_run_that_cannot_be_cancelled_says_why(string id, string status, string step, string stepStatus)
    {
        await world.StartRunAsync($"late-{id}");
        await world.SayAsync($"late-{id}", State(status, new StepState(step, stepStatus)));

        var reply = await world.PostAsync($"/api/migrations/late-{id}/cancel", People.Operator, """{"reason":"too late"}""");

        Assert.Equal((409, "MIG0029"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("{}", "/reason MIG0009")]
    [InlineData("""{"reason":" "}""", "/reason MIG0010")]
    [InlineData("""{"reason":"x","force":true}""", "/force MIG0006")]
    public async Task A_cancellation_without_a_reason_is_refused(string body, string fault)
    {
        var id = $"reasonless-{body.Length}";
        await world.StartRunAsync(id);

        var reply = await world.PostAsync($"/api/migrations/{id}/cancel", People.Operator, body);

        Assert.Equal(400, reply.Status);
        Assert.Equal(fault, string.Join(", ", reply.Json.GetProperty("errors").EnumerateArray().Select(error => $"{error.GetProperty("pointer")} {error.GetProperty("code")}")));
    }

    [Fact]
    public async Task A_run_that_there_is_not_cannot_be_cancelled()
    {
        Assert.Equal(404, (await world.PostAsync("/api/migrations/nobody/cancel", People.Operator, """{"reason":"x"}""")).Status);
    }
}
