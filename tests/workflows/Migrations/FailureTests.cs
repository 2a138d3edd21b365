using Orchestrator.Workflows.CutOver;
using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Planning;
using Orchestrator.Workflows.Provisioning;
using Orchestrator.Workflows.Snapshots;
using Orchestrator.Workflows.Sync;
using Orchestrator.Workflows.Verification;
using Orchestrator.Workflows.Waiting;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Tests.Migrations;

public sealed class FailureTests(Azurite azurite) : IClassFixture<Azurite>
{
    /// <summary>Every activity on the way to the swap, with the step that it belongs to.</summary>
    public static TheoryData<string, string> Activities => new()
    {
        { nameof(AcquireSite), StepNames.Plan },
        { nameof(MakePlan), StepNames.Plan },
        { nameof(FindOpening), StepNames.Wait },
        { nameof(SnapshotConfiguration), StepNames.Snapshot },
        { nameof(TestConfigurationRestore), StepNames.Snapshot },
        { nameof(SnapshotData), StepNames.Snapshot },
        { nameof(SealSnapshot), StepNames.Snapshot },
        { nameof(TestRestore), StepNames.Snapshot },
        { nameof(EnsureTargetContainer), StepNames.Provision },
        { nameof(EnsureSlot), StepNames.Provision },
        { nameof(ConfigureSlot), StepNames.Provision },
        { nameof(DeployPackage), StepNames.Provision },
        { nameof(WarmSlot), StepNames.Provision },
        { nameof(CopyChanges), StepNames.Sync },
        { nameof(CompareData), StepNames.Verify },
        { nameof(CheckSlot), StepNames.Verify },
        { nameof(CheckReadiness), StepNames.CutOver },
        { nameof(ReadSides), StepNames.CutOver },
        { nameof(ApplyPreview), StepNames.CutOver },
        { nameof(PauseWrites), StepNames.CutOver },
        { nameof(FinalDelta), StepNames.CutOver },
        { nameof(RecordJournal), StepNames.CutOver },
    };

    [Theory, MemberData(nameof(Activities))]
    public async Task A_step_that_fails_before_its_effect_is_undone_with_all_before_it(string activity, string step)
    {
        await using var world = await World.StartAsync(azurite, new Faults { FailsForGood = activity });

        var run = await world.MigrateAsync(world.Spec());

        await AssertUndoneAsync(world, run, step);
    }

    [Theory, MemberData(nameof(Activities))]
    public async Task A_step_whose_answer_is_lost_is_undone_as_if_it_were_done(string activity, string step)
    {
        await using var world = await World.StartAsync(azurite, new Faults { LosesItsAnswerForGood = activity });

        var run = await world.MigrateAsync(world.Spec());

        await AssertUndoneAsync(world, run, step);
    }

    [Fact]
    public async Task A_swap_that_certainly_did_not_happen_is_undone()
    {
        await using var world = await World.StartAsync(azurite, new Faults { FailsForGood = nameof(MakeSlotLive) });

        var run = await world.MigrateAsync(world.Spec());

        await AssertUndoneAsync(world, run, StepNames.CutOver);
        Assert.Equal(CutOverCodes.SwapFailed, run.Failure!.Code);
    }

    [Fact]
    public async Task A_swap_whose_answer_is_lost_is_finished()
    {
        await using var world = await World.StartAsync(azurite, new Faults { LosesItsAnswerForGood = nameof(MakeSlotLive) });

        var run = await world.MigrateAsync(world.Spec());

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Equal("shop v2", await world.HomeAsync());
        Assert.Single(await world.ArmCallsAsync(), c => c.Path.EndsWith("/slotsswap", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task An_undo_that_fails_leaves_the_run_failed_and_says_what_remains()
    {
        await using var world = await World.StartAsync(azurite, new Faults { FailsForGood = nameof(RemoveSlot) });
        var spec = world.Spec() with { Verify = new VerifySpec { Http = [new HttpCheckSpec { Name = "home", Path = "/", Contains = "v3" }] } };

        var run = await world.MigrateAsync(spec);

        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Equal(VerifyCodes.CheckFailed, run.Failure!.Code);
        Assert.Equal("shop v1", await world.HomeAsync());
        Assert.False(await world.Target.ExistsAsync());
        Assert.Equal(("RemoveSlot", "MIG0999"), (run.LeftBehind!.Single().Undo, run.LeftBehind![0].Code));
        Assert.Contains("RemoveSlot | MIG0999", await world.BackupAsync("report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_that_cannot_look_stops_at_a_person_and_undoes_nothing()
    {
        await using var world = await World.StartAsync(azurite, new Faults { FailsForGood = nameof(ReadGates) });
        await world.StartRunAsync(world.Spec());

        var asked = await world.UntilDecisionAsync(WatchCodes.SawNothing);
        await world.DecideAsync(asked, DecisionChoice.Skip);
        var run = await world.EndAsync("shop-v2");

        Assert.Equal((DecisionSeverity.Sev1, "retry, skip, abort"), (asked.Severity, string.Join(", ", asked.Choices)));
        Assert.Equal(RunStatus.Succeeded, run.Status);
        Assert.Equal("shop v2", await world.HomeAsync());
        Assert.True(await world.TakesWritesAsync());
        Assert.True(await world.Target.ExistsAsync());
    }

    private static async Task AssertUndoneAsync(World world, RunState run, string step)
    {
        Assert.Equal((RunStatus.Compensated, step), (run.Status, run.Failure?.Step));
        Assert.Equal("shop v1", await world.HomeAsync());
        Assert.True(await world.TakesWritesAsync());
        Assert.False(await world.SlotExistsAsync());
        Assert.False(await world.Target.ExistsAsync());
        Assert.Contains("Migration shop-v2: compensated", await world.BackupAsync("report.html"), StringComparison.Ordinal);
    }
}
