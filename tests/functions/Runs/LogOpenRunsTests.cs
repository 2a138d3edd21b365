using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Orchestrator.Functions.Migrations;
using Orchestrator.Functions.Tests.World;
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
        await ShowAsync("way-back-open", RunStatus.Succeeded, rollback: new RollbackState(Now.AddDays(1)));

        Assert.Empty(await LogAsync("way-back-open"));
    }

    [Fact]
    public async Task A_swap_that_takes_minutes_is_told_of_while_nobody_is_asked_yet()
    {
        await ShowAsync("slow-swap", RunStatus.Running, cutOver: new CutOverState(CutOverPhase.Swapping, 2, Now.AddMinutes(-3.5)));
        await ShowAsync("quick-swap", RunStatus.Running, cutOver: new CutOverState(CutOverPhase.Swapping, 1, Now.AddMinutes(-1.5)));
        await ShowAsync("prepares-swap", RunStatus.Running, cutOver: new CutOverState(CutOverPhase.Preparing, 1, Now.AddMinutes(-30)));
        var question = new PendingDecision("asked-swap.d1", StepNames.CutOver, "sev1", ["retry", "abort"], new DecisionError("MIG0308", "not known"), AskedAt: Now);
        await ShowAsync("asked-swap", RunStatus.WaitingForDecision, decision: question, cutOver: new CutOverState(CutOverPhase.Swapping, 1, Now.AddMinutes(-13)));

        var lines = (await LogAllAsync()).Where(line => line.Contains("swapping", StringComparison.Ordinal));

        Assert.Equal(["Run slow-swap has been swapping for 3 minutes, attempt 2: writes may be paused"], lines);
    }

    [Fact]
    public async Task Blobs_that_are_away_are_told_of_with_the_reason_and_the_runs_all_the_same()
    {
        await ShowAsync("meanwhile", RunStatus.Running);
        world.Documents.Broken = new IOException("the account is gone");

        try
        {
            var lines = await LogAllAsync();

            Assert.Contains("Not ready: blobs (the account is gone)", lines);
            Assert.Contains("Run meanwhile is open: running at step sync, 0 minutes old", lines);
        }
        finally
        {
            world.Documents.Broken = null;
        }
    }

    [Fact]
    public async Task A_store_that_is_away_is_told_of_with_the_reason()
    {
        await using var away = new ClientWithoutStore();

        Assert.Equal(["Not ready: store (the task hub is gone)"], await LogAllAsync(away));
    }

    private async Task ShowAsync(string id, string status, PendingApproval? approval = null, PendingDecision? decision = null, RollbackState? rollback = null, CutOverState? cutOver = null)
    {
        await world.StartRunAsync(id);
        var step = new StepState(approval is null ? StepNames.Sync : StepNames.Approve, StepStatus.Running, Now);
        await world.SayAsync(id, new RunState(status, [step], approval, decision, null, null, DateTimeOffset.UnixEpoch.AddSeconds(1), Rollback: rollback, CutOver: cutOver));
    }

    private async Task<IReadOnlyList<string>> LogAsync(string id) => [.. (await LogAllAsync()).Where(line => line.StartsWith($"Run {id} ", StringComparison.Ordinal))];

    private async Task<IReadOnlyList<string>> LogAllAsync(DurableTaskClient? client = null)
    {
        using var lines = new LinesWithReasons();
        using var factory = new LoggerFactory([lines]);

        await new LogOpenRuns(world.Get<RunLister>(), world.Documents, new ManualTime(Now), factory.CreateLogger<LogOpenRuns>())
            .RunAsync(new TimerInfo(), client ?? world.Client, CancellationToken.None);

        return lines.All;
    }

    /// <summary>Keeps each line, and behind it in parentheses what went wrong.</summary>
    private sealed class LinesWithReasons : ILoggerProvider, ILogger
    {
        public List<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add($"{formatter(state, exception)}{(exception is null ? "" : $" ({exception.Message})")}");

        public void Dispose()
        {
        }
    }
}
