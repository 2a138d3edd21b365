using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.CutOver;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Tests.WayBack;

public sealed class RollbackTests(Azurite azurite) : IClassFixture<Azurite>
{
    [Fact]
    public async Task A_rollback_while_the_run_is_watching_brings_the_old_version_back_with_every_write()
    {
        await using var world = await World.StartAsync(azurite);
        await world.StartRunAsync(world.Spec() with { Watch = new WatchSpec { Duration = TimeSpan.FromMinutes(5) } });
        var watching = await world.UntilAsync("shop-v2", run => run.Status == RunStatus.Watching && run.Rollback is not null);
        Assert.True(await world.WriteAsync("after-swap"));

        await world.AskAsync(ControlRequest.Rollback);
        var run = await world.EndAsync("shop-v2");

        Assert.True(watching.Rollback!.ExpiresAt > DateTimeOffset.UtcNow);
        Assert.True(run.Status == RunStatus.RolledBack, $"{run.Status} {run.Failure} {run.Rollback}");
        await AssertWentBackAsync(world);
    }

    [Fact]
    public async Task A_run_that_has_succeeded_can_be_rolled_back_until_its_way_back_expires()
    {
        await using var world = await World.StartAsync(azurite);
        await world.StartRunAsync(world.Spec() with { Rollback = new RollbackSpec { ExpiresAfter = TimeSpan.FromHours(1) } });
        await world.UntilAsync("shop-v2", run => run.Status == RunStatus.Succeeded);
        Assert.True(await world.WriteAsync("after-swap"));

        await world.AskAsync(ControlRequest.Rollback);
        var run = await world.EndAsync("shop-v2");

        Assert.Equal(RunStatus.RolledBack, run.Status);
        await AssertWentBackAsync(world);
        var report = await world.BackupAsync("report.md");
        Assert.Contains("Migration shop-v2: rolledBack", report, StringComparison.Ordinal);
        Assert.Contains("| Write pause going back |", report, StringComparison.Ordinal);
        Assert.Matches(@"\| cho@contoso\.com \| rollbackAsked \|", report);
    }

    [Fact]
    public async Task A_rollback_to_an_old_version_that_does_not_come_up_is_refused_and_the_new_one_serves_on()
    {
        await using var world = await World.StartAsync(azurite);
        await world.StartRunAsync(world.Spec() with { Rollback = new RollbackSpec { ExpiresAfter = TimeSpan.FromHours(1) } });
        await world.UntilAsync("shop-v2", run => run.Status == RunStatus.Succeeded);
        await world.StopSlotAsync();

        await world.AskAsync(ControlRequest.Rollback);
        var refused = await world.UntilAsync("shop-v2", run => run is { Status: RunStatus.Succeeded, Rollback.Refused: not null });

        Assert.NotNull(refused.Rollback!.Refused);
        Assert.Equal("shop v2", await world.HomeAsync());
        Assert.True(await world.TakesWritesAsync());
        await world.Client.TerminateInstanceAsync("shop-v2");
    }

    [Fact]
    public async Task A_rollback_given_up_in_doubt_ends_the_run_as_failed_and_frees_the_site()
    {
        var faults = new Faults();
        await using var world = await World.StartAsync(azurite, faults);
        await world.StartRunAsync(world.Spec() with { Rollback = new RollbackSpec { ExpiresAfter = TimeSpan.FromHours(1) } });
        await world.UntilAsync("shop-v2", run => run.Status == RunStatus.Succeeded);
        faults.Before = activity => activity is nameof(RecordJournal) or nameof(ReadProductionSide)
            ? throw new PermanentFailureException("MIG0999", $"{activity} fails in this test.")
            : Task.CompletedTask;

        await world.AskAsync(ControlRequest.Rollback);
        var asked = (await world.UntilAsync("shop-v2", run => run.PendingDecision is not null)).PendingDecision!;
        await world.DecideAsync(asked, DecisionChoice.Abort);
        var run = await world.EndAsync("shop-v2");

        Assert.Equal((CutOverCodes.SwapUnknown, DecisionSeverity.Sev1), (asked.Error.Code, asked.Severity));
        Assert.Equal((RunStatus.Failed, CutOverCodes.SwapUnknown), (run.Status, run.Failure?.Code));
        Assert.Contains(CutOverCodes.SwapUnknown, await world.BackupAsync("report.md"), StringComparison.Ordinal);
        await world.Get<SiteLease>().AcquireAsync(World.SiteId, "another", CancellationToken.None);
    }

    [Fact]
    public async Task A_rollback_after_another_run_has_taken_the_site_is_refused()
    {
        await using var world = await World.StartAsync(azurite);
        await world.StartRunAsync(world.Spec() with { Rollback = new RollbackSpec { ExpiresAfter = TimeSpan.FromHours(1) } });
        await world.UntilAsync("shop-v2", run => run.Status == RunStatus.Succeeded);
        await world.Get<SiteLease>().AcquireAsync(World.SiteId, "another", CancellationToken.None);

        await world.AskAsync(ControlRequest.Rollback);
        var refused = await world.UntilAsync("shop-v2", run => run.Rollback?.Refused is not null);

        Assert.StartsWith(LeaseCodes.Held, refused.Rollback!.Refused, StringComparison.Ordinal);
        Assert.Equal("shop v2", await world.HomeAsync());
        await world.Client.TerminateInstanceAsync("shop-v2");
    }

    [Fact]
    public async Task A_way_back_that_nobody_takes_closes_by_itself()
    {
        await using var world = await World.StartAsync(azurite);

        var run = await world.MigrateAsync(world.Spec() with { Rollback = new RollbackSpec { ExpiresAfter = TimeSpan.FromSeconds(2) } });

        Assert.Equal(RunStatus.Succeeded, run.Status);
        Assert.Null(run.Rollback);
        Assert.Contains("wayBackClosed", await world.BackupAsync("audit.jsonl"), StringComparison.Ordinal);
    }

    private static async Task AssertWentBackAsync(World world)
    {
        Assert.Equal("shop v1", await world.HomeAsync());
        Assert.True(await world.TakesWritesAsync());
        Assert.True(await world.Source.GetBlobClient("after-swap.json").ExistsAsync());
        Assert.Equal(2, (await world.ArmCallsAsync()).Count(call => call.Path.EndsWith("/slotsswap", StringComparison.OrdinalIgnoreCase)));
    }
}
