using Orchestrator.Functions.Tests.World;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.Calls;

[Collection(EdgeCollection.Name)]
public sealed class ControlTests(EdgeWorld world)
{
    private const string Reason = """{"reason":"the marketing mail goes out"}""";
    private static readonly DateTimeOffset Then = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    private static RunState State(string status, params StepState[] steps) => new(status, steps, null, null, null, null, Then);

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("postpone")]
    public async Task A_wish_reaches_the_run_with_who_asked_and_why(string kind)
    {
        await world.StartRunAsync($"wish-{kind}");
        await world.SayAsync($"wish-{kind}", State(RunStatus.Running, new StepState(StepNames.Sync, StepStatus.Running)));

        var reply = await world.PostAsync($"/api/migrations/wish-{kind}/{kind}", People.Operator, Reason);

        Assert.Equal((202, $"/api/migrations/wish-{kind}"), (reply.Status, reply.Header("Location")));
        await world.UntilAsync($"wish-{kind}", instance => instance.ReadCustomStatusAs<RunState>()!.Steps.Any(step => step.Name == $"{kind} by oli@contoso.com: the marketing mail goes out"));
    }

    [Theory]
    [InlineData(RunStatus.Watching)]
    [InlineData(RunStatus.Succeeded)]
    public async Task A_rollback_reaches_a_run_whose_way_back_is_open(string status)
    {
        var id = $"back-{status.ToLowerInvariant()}";
        await world.StartRunAsync(id);
        await world.SayAsync(id, State(status, new StepState(StepNames.CutOver, StepStatus.Succeeded)) with { Rollback = new RollbackState(DateTimeOffset.UtcNow.AddHours(1)) });

        var reply = await world.PostAsync($"/api/migrations/{id}/rollback", People.Operator, Reason);

        Assert.Equal(202, reply.Status);
        await world.UntilAsync(id, instance => instance.ReadCustomStatusAs<RunState>()!.Steps.Any(step => step.Name.StartsWith("rollback by oli@contoso.com", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("pause", RunStatus.Running, CutOverPhase.Waiting)]
    [InlineData("postpone", RunStatus.Running, CutOverPhase.Swapping)]
    [InlineData("rollback", RunStatus.Running, CutOverPhase.Swapping)]
    [InlineData("cancel", RunStatus.Running, CutOverPhase.Swapping)]
    [InlineData("resume", RunStatus.RolledBack, null)]
    [InlineData("rollback", RunStatus.Succeeded, null)]
    [InlineData("rollback", RunStatus.RolledBack, null)]
    [InlineData("postpone", RunStatus.Watching, null)]
    public async Task A_wish_that_the_state_does_not_allow_is_refused(string kind, string status, string? phase)
    {
        var id = $"no-{kind}-{status.ToLowerInvariant()}";
        await world.StartRunAsync(id);
        await world.SayAsync(id, State(status, new StepState(StepNames.CutOver, StepStatus.Running)) with { CutOver = phase is null ? null : new CutOverState(phase, 1) });

        var reply = await world.PostAsync($"/api/migrations/{id}/{kind}", People.Operator, Reason);

        Assert.Equal((409, "MIG0029"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("postpone")]
    public async Task A_cut_over_that_only_prepares_can_still_be_stopped(string kind)
    {
        await world.StartRunAsync($"still-{kind}");
        await world.SayAsync($"still-{kind}", State(RunStatus.Running, new StepState(StepNames.CutOver, StepStatus.Running)) with { CutOver = new CutOverState(CutOverPhase.Preparing, 1) });

        var reply = await world.PostAsync($"/api/migrations/still-{kind}/{kind}", People.Operator, Reason);

        Assert.Equal(202, reply.Status);
    }

    [Fact]
    public async Task An_expired_way_back_is_refused_with_when_it_was()
    {
        await world.StartRunAsync("way-back-expired");
        await world.SayAsync("way-back-expired", State(RunStatus.Succeeded) with { Rollback = new RollbackState(Then) });

        var reply = await world.PostAsync("/api/migrations/way-back-expired/rollback", People.Operator, Reason);

        Assert.Equal((409, "MIG0029"), (reply.Status, reply.Code));
        Assert.Contains("2026-11-21T06:00:00", reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_only_reads_may_ask_for_nothing()
    {
        await world.StartRunAsync("hands-off");

        var reply = await world.PostAsync("/api/migrations/hands-off/rollback", People.Reader, Reason);

        Assert.Equal((403, "MIG0021"), (reply.Status, reply.Code));
    }
}
