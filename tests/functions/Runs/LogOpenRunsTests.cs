using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Orchestrator.Functions.Migrations;
using Orchestrator.Functions.Tests.World;
using Orchestrator.Local.DurableTask.Tests;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Tests;

namespace Orchestrator.Functions.Tests.Runs;

[Collection(EdgeCollection.Name)]
public sealed class LogOpenRunsTests(EdgeWorld world)
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_run_that_waits_for_people_says_since_when_and_for_how_long_still()
    {
        await ShowAsync("waits", RunStatus.WaitingForApproval, approval: new PendingApproval("waits.1", "sha256:aa", Now.AddMinutes(50.5), 1, 2, Now.AddMinutes(-241)));

        var lines = await LogAsync("waits");

        Assert.Contains("Run waits is open: waitingForApproval at step approve, 0 minutes old", lines);
        Assert.Contains("Run waits has waited 241 minutes for approval waits.1: 1 of 2, 50 minutes left", lines);
    }

    [Fact]
    public async Task A_run_that_waits_for_a_decision_says_what_happened()
    {
        var question = new PendingDecision("stuck.d1", StepNames.Sync, "sev1", ["retry", "abort"], new DecisionError("MIG0110", "a detail that is not logged"), AskedAt: Now.AddMinutes(-16));
        await ShowAsync("stuck", RunStatus.WaitingForDecision, decision: question);

        var lines = await LogAsync("stuck");

        Assert.Contains("Run stuck has waited 16 minutes for decision stuck.d1 at step sync: sev1, MIG0110", lines);
    }

    [Fact]
    public async Task A_success_whose_way_back_is_open_is_not_an_open_run()
    {
        await ShowAsync("over-with-way-back", RunStatus.Succeeded, rollback: new RollbackState(Now.AddDays(1)));

        Assert.Empty(await LogAsync("over-with-way-back"));
    }

    private async Task ShowAsync(string id, string status, PendingApproval? approval = null, PendingDecision? decision = null, RollbackState? rollback = null)
    {
        await world.StartRunAsync(id);
        var step = new StepState(approval is null ? StepNames.Sync : StepNames.Approve, StepStatus.Running, Now);
        await world.SayAsync(id, new RunState(status, [step], approval, decision, null, null, DateTimeOffset.UnixEpoch.AddSeconds(1), Rollback: rollback));
    }

    private async Task<IReadOnlyList<string>> LogAsync(string id)
    {
        using var lines = new LogLines(typeof(LogOpenRuns).FullName!);
        using var factory = new LoggerFactory([lines]);

        await new LogOpenRuns(world.Get<RunLister>(), new ManualTime(Now), factory.CreateLogger<LogOpenRuns>()).RunAsync(new TimerInfo(), world.Client, CancellationToken.None);

        return [.. lines.Lines.Where(line => line.StartsWith($"Run {id} ", StringComparison.Ordinal))];
    }
}
