using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Tests.Decisions;

public sealed class DecisionTests(Azurite azurite) : IClassFixture<Azurite>
{
    [Fact]
    public async Task A_sync_that_never_catches_up_stops_at_a_person_and_abort_undoes_everything()
    {
        await using var world = await World.StartAsync(azurite);
        await world.StartRunAsync(NeverInStep(world));
        var stopped = await StoppedAsync(world, number: 1);
        var question = stopped.PendingDecision!;

        await AnswerAsync(world, "shop-v2.d1", DecisionChoice.Abort);
        var run = await world.EndAsync("shop-v2");

        Assert.Equal((RunStatus.WaitingForDecision, StepNames.Sync, DecisionSeverity.Sev3, SyncCodes.NotConverging), (stopped.Status, question.Step, question.Severity, question.Error.Code));
        Assert.Equal([DecisionChoice.Retry, DecisionChoice.Abort], question.Choices);
        Assert.Equal((RunStatus.Compensated, StepNames.Sync, SyncCodes.NotConverging), (run.Status, run.Failure?.Step, run.Failure?.Code));
        Assert.Contains("oli@contoso.com chose abort: quiet hours only", run.Failure!.Detail, StringComparison.Ordinal);
        Assert.Null(run.PendingDecision);
        Assert.Equal("shop v1", await world.HomeAsync());
        Assert.False(await world.SlotExistsAsync());
        Assert.False(await world.Target.ExistsAsync());
        var audit = await world.BackupAsync("audit.jsonl");
        Assert.Contains("\"action\":\"decisionNeeded\",\"detail\":\"shop-v2.d1, sev3, sync: MIG0110: ", audit, StringComparison.Ordinal);
        Assert.Contains("\"actor\":\"oli@contoso.com\",\"action\":\"decided\",\"detail\":\"shop-v2.d1: abort: quiet hours only\"", audit, StringComparison.Ordinal);
        Assert.Contains("| decided |", await world.BackupAsync("report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_goes_on_and_asks_anew_where_it_is_still_behind_and_old_or_unoffered_answers_do_not_count()
    {
        await using var world = await World.StartAsync(azurite);
        await world.StartRunAsync(NeverInStep(world));
        await StoppedAsync(world, number: 1);

        await AnswerAsync(world, "shop-v2.d1", DecisionChoice.Skip);
        await AnswerAsync(world, "shop-v2.d7", DecisionChoice.Abort);
        await AnswerAsync(world, "shop-v2.d1", DecisionChoice.Retry);
        await AnswerAsync(world, "shop-v2.d1", DecisionChoice.Retry);
        await StoppedAsync(world, number: 2);
        await AnswerAsync(world, "shop-v2.d2", DecisionChoice.Abort);
        var run = await world.EndAsync("shop-v2");

        Assert.Equal(RunStatus.Compensated, run.Status);
        var audit = await world.BackupAsync("audit.jsonl");
        Assert.Equal((3, 2), (Count(audit, "answerRefused"), Count(audit, "\"decided\"")));
        Assert.Contains("shop-v2.d1: retry", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancellation_while_a_person_is_awaited_undoes_everything()
    {
        await using var world = await World.StartAsync(azurite);
        await world.StartRunAsync(NeverInStep(world));
        await StoppedAsync(world, number: 1);

        await world.Client.RaiseEventAsync("shop-v2", RunEvents.Cancel, new CancelRequest("dee@contoso.com", "never mind", DateTimeOffset.UtcNow));
        var run = await world.EndAsync("shop-v2");

        Assert.Equal(RunStatus.Cancelled, run.Status);
        Assert.Equal(StepStatus.Failed, run.Steps.Single(step => step.Name == StepNames.Sync).Status);
        Assert.False(await world.SlotExistsAsync());
        Assert.False(await world.Target.ExistsAsync());
    }

    /// <summary>No pass ends so little behind.</summary>
    private static MigrationSpec NeverInStep(World world)
    {
        var spec = world.Spec();
        return spec with { Data = [spec.Data[0] with { MaxLag = TimeSpan.FromTicks(1) }] };
    }

    private static Task<RunState> StoppedAsync(World world, int number) => world.UntilAsync("shop-v2", run => run.PendingDecision?.Id == $"shop-v2.d{number}");

    private static Task AnswerAsync(World world, string decision, string choice) =>
        world.Client.RaiseEventAsync("shop-v2", RunEvents.Decision, new DecisionAnswer(decision, "oli@contoso.com", choice, "quiet hours only", DateTimeOffset.UtcNow));

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
