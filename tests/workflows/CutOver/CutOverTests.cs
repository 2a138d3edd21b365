using Orchestrator.Workflows.CutOver;
using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Tests.Errors;

namespace Orchestrator.Workflows.Tests.CutOver;

public sealed class CutOverTests(Azurite azurite) : IClassFixture<Azurite>
{
    [Fact]
    public async Task A_lock_stops_the_cut_over_at_a_person_who_removes_it_and_goes_on()
    {
        await using var world = await World.StartAsync(azurite);
        var spec = world.Spec() with { Approval = new ApprovalSpec { Approvers = ["ana@contoso.com"] } };
        await world.StartRunAsync(spec);
        await world.UntilAsync("shop-v2", run => run.PendingApproval is not null);
        await world.LockAsync("ReadOnly");
        await world.ApproveAsync();

        var asked = await world.UntilDecisionAsync(CutOverCodes.Locked);
        await world.UnlockAsync();
        await world.DecideAsync(asked, DecisionChoice.Retry);
        var run = await world.EndAsync("shop-v2");

        Assert.Equal((StepNames.CutOver, DecisionSeverity.Sev3), (asked.Step, asked.Severity));
        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Equal("shop v2", await world.HomeAsync());
    }

    [Fact]
    public async Task A_refused_cut_over_that_a_person_gives_up_is_undone()
    {
        await using var world = await World.StartAsync(azurite);
        var spec = world.Spec() with { Approval = new ApprovalSpec { Approvers = ["ana@contoso.com"] } };
        await world.StartRunAsync(spec);
        await world.UntilAsync("shop-v2", run => run.PendingApproval is not null);
        await world.LockAsync("ReadOnly");
        await world.ApproveAsync();

        var asked = await world.UntilDecisionAsync(CutOverCodes.Locked);
        await world.UnlockAsync();
        await world.DecideAsync(asked, DecisionChoice.Abort);
        var run = await world.EndAsync("shop-v2");

        Assert.Equal((RunStatus.Compensated, CutOverCodes.Locked), (run.Status, run.Failure?.Code));
        Assert.False(await world.SlotExistsAsync());
    }

    [Fact]
    public async Task A_plan_that_was_changed_after_people_approved_it_is_not_cut_over()
    {
        await using var world = await World.StartAsync(azurite);
        await world.StartRunAsync(world.Spec() with { Approval = new ApprovalSpec { Approvers = ["ana@contoso.com"] } });
        await world.UntilAsync("shop-v2", run => run.PendingApproval is not null);
        await world.Documents.PutTextAsync(RunPaths.Plan("shop-v2"), (await world.BackupAsync("plan.json")).Replace("\"score\"", "\"Score\"", StringComparison.Ordinal), CancellationToken.None);
        await world.ApproveAsync();

        var asked = await world.UntilDecisionAsync(CutOverCodes.NotApproved);
        await world.DecideAsync(asked, DecisionChoice.Abort);
        var run = await world.EndAsync("shop-v2");

        Assert.Equal(RunStatus.Compensated, run.Status);
    }

    [Fact]
    public async Task A_pause_that_takes_too_long_is_restored_and_tried_again()
    {
        var faults = new Faults();
        await using var world = await World.StartAsync(azurite, faults);
        var (isPaused, wasSlow, taken) = (false, false, new List<bool>());
        faults.Before = async activity =>
        {
            if (activity == nameof(RecordJournal)) taken.Add(await world.TakesWritesAsync());
            isPaused |= activity == nameof(PauseWrites);
            if (activity != nameof(FinalDelta) || !isPaused || wasSlow) return;
            wasSlow = true;
            await Task.Delay(TimeSpan.FromSeconds(2.5));
        };
        var spec = world.Spec();

        var run = await world.MigrateAsync(spec with { WritePause = spec.WritePause! with { Limit = TimeSpan.FromSeconds(2) } });

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Contains("swapRestored", await world.BackupAsync("audit.jsonl"), StringComparison.Ordinal);
        Assert.Contains(CutOverCodes.PauseTooLong, await world.BackupAsync("audit.jsonl"), StringComparison.Ordinal);
        Assert.False(taken[0]);
        Assert.Equal("shop v2", await world.HomeAsync());
    }

    [Fact]
    public async Task A_site_that_says_paused_and_still_takes_writes_is_found_out_by_the_probe()
    {
        await using var world = await World.StartAsync(azurite);
        var spec = world.Spec();
        await world.StartRunAsync(spec with { WritePause = spec.WritePause! with { On = new HttpCallSpec { Path = "/admin/read-write" }, Probe = new PauseProbeSpec { Path = "/orders/probe" } } });

        var asked = await world.UntilDecisionAsync(CutOverCodes.PauseNotSeen);
        await world.DecideAsync(asked, DecisionChoice.Abort);
        var run = await world.EndAsync("shop-v2");

        Assert.Equal((RunStatus.Compensated, CutOverCodes.PauseNotSeen), (run.Status, run.Failure?.Code));
        Assert.Equal("shop v1", await world.HomeAsync());
        Assert.True(await world.TakesWritesAsync());
    }

    [Fact]
    public async Task A_pause_that_the_probe_sees_needs_no_second_listing_and_loses_nothing()
    {
        await using var world = await World.StartAsync(azurite);
        var spec = world.Spec();

        var run = await world.MigrateAsync(spec with { WritePause = spec.WritePause! with { Probe = new PauseProbeSpec { Path = "/orders/probe" } } });

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Equal(12, await world.CountAsync(world.Target));
    }

    [Fact]
    public async Task A_swap_that_is_postponed_waits_until_told_and_is_prepared_anew()
    {
        var faults = new Faults();
        await using var world = await World.StartAsync(azurite, faults);
        await world.StartRunAsync(world.Spec() with { Approval = new ApprovalSpec { Approvers = ["ana@contoso.com"] } });
        await world.UntilAsync("shop-v2", run => run.PendingApproval is not null);
        await world.AskAsync(ControlRequest.Postpone);
        await world.ApproveAsync();

        var waiting = await world.UntilAsync("shop-v2", run => run.CutOver?.Phase == CutOverPhase.Waiting);
        Assert.Equal("shop v1", await world.HomeAsync());
        await world.AskAsync(ControlRequest.Resume);
        var run = await world.EndAsync("shop-v2");

        Assert.True(waiting.Postponed);
        Assert.Equal(waiting.UpdatedAt, waiting.CutOver!.Since);
        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Equal(2, faults.Called.Count(name => name == nameof(CheckReadiness)));
    }

    [Fact]
    public async Task A_cancellation_before_the_swap_undoes_the_preview_and_everything_else()
    {
        await using var world = await World.StartAsync(azurite);
        await world.StartRunAsync(world.Spec() with { Approval = new ApprovalSpec { Approvers = ["ana@contoso.com"] } });
        await world.UntilAsync("shop-v2", run => run.PendingApproval is not null);
        await world.AskAsync(ControlRequest.Postpone);
        await world.ApproveAsync();
        await world.UntilAsync("shop-v2", run => run.CutOver?.Phase == CutOverPhase.Waiting);

        await world.Client.RaiseEventAsync("shop-v2", RunEvents.Cancel, new CancelRequest("cho@contoso.com", "not today", DateTimeOffset.UtcNow));
        var run = await world.EndAsync("shop-v2");

        Assert.Equal(RunStatus.Cancelled, run.Status);
        Assert.False(await world.SlotExistsAsync());
        Assert.False(await world.Target.ExistsAsync());
        Assert.True(await world.TakesWritesAsync());
    }

    [Fact]
    public async Task A_swap_that_is_refused_for_a_missing_role_says_which_and_on_what()
    {
        await using var world = await World.StartAsync(azurite);
        await world.FaultAsync("POST", "/slotsswap$", status: 403, body: ArmErrorTests.Forbidden("Microsoft.Web/sites/slots/slotsswap/Action", $"{World.SiteId}/slots/v2"));

        var run = await world.MigrateAsync(world.Spec());

        Assert.Equal((RunStatus.Compensated, CutOverCodes.SwapFailed), (run.Status, run.Failure?.Code));
        Assert.Contains("answered 403 AuthorizationFailed", run.Failure!.Detail, StringComparison.Ordinal);
        Assert.Contains($"lacks Microsoft.Web/sites/slots/slotsswap/Action on {World.SiteId}/slots/v2", run.Failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_after_the_swap_stops_at_a_person_and_is_done_when_they_say_so()
    {
        var faults = new Faults { FailsForGood = nameof(MarkTargetLive) };
        await using var world = await World.StartAsync(azurite, faults);
        await world.StartRunAsync(world.Spec());

        var asked = await world.UntilDecisionAsync("MIG0999");
        Assert.Equal("shop v2", await world.HomeAsync());
        Assert.True(await world.TakesWritesAsync());
        faults.FailsForGood = null;
        await world.DecideAsync(asked, DecisionChoice.Retry);
        var run = await world.EndAsync("shop-v2");

        Assert.Equal("retry, done, skip", string.Join(", ", asked.Choices));
        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Contains("live", (await world.Target.GetPropertiesAsync()).Value.Metadata.Keys.Single(key => key.Contains("live", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Steps_of_traffic_that_outlast_the_verification_do_not_make_it_stale()
    {
        await using var world = await World.StartAsync(azurite);
        var traffic = new TrafficSpec { Steps = [new TrafficStepSpec { Percent = 100, Hold = TimeSpan.FromSeconds(20) }] };

        var run = await world.MigrateAsync(world.Spec() with { Traffic = traffic, Verify = world.Spec().Verify with { StaleAfter = TimeSpan.FromSeconds(15) } });

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
    }

    [Fact]
    public async Task A_paused_run_begins_nothing_until_it_is_resumed()
    {
        var faults = new Faults();
        await using var world = await World.StartAsync(azurite, faults);
        var asked = false;
        faults.Before = async activity =>
        {
            if (activity != nameof(Orchestrator.Workflows.Snapshots.SealSnapshot) || asked) return;
            asked = true;
            await world.AskAsync(ControlRequest.Pause);
        };
        await world.StartRunAsync(world.Spec());

        await world.UntilAsync("shop-v2", run => run.Status == RunStatus.Paused && run.Steps.Single(step => step.Name == StepNames.Snapshot).Status == StepStatus.Succeeded);
        Assert.False(await world.SlotExistsAsync());
        await world.AskAsync(ControlRequest.Resume);
        var run = await world.EndAsync("shop-v2");

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Contains("\"paused\"", await world.BackupAsync("audit.jsonl"), StringComparison.Ordinal);
    }
}
