using System.Text.Json;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Tests.Data;
using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Tests.Verification;

public sealed class VerifyStepTests(Azurite azurite) : IClassFixture<Azurite>
{
    [Fact]
    public async Task Differences_that_stand_undo_the_run_and_the_report_leads_to_all_of_them()
    {
        await using var world = await World.StartAsync(azurite);
        world.Faults.Before = async name =>
        {
            if (name != nameof(CompareData)) return;
            for (var number = 10; number < 25; number++) await world.Target.PutAsync($"intruder {number}", "x");
        };

        var run = await world.MigrateAsync(world.Spec());

        Assert.Equal((RunStatus.Compensated, VerifyCodes.DataDiffers), (run.Status, run.Failure?.Code));
        var record = JsonSerializer.Deserialize<VerificationRecord>(await world.BackupAsync("verification.json"), SpecJson.Options)!;
        Assert.Equal((15, 15), (record.Mismatches, record.MismatchNames.Count));
        var report = await world.BackupAsync("report.md");
        Assert.Contains("orders: intruder 24 (extra)", report, StringComparison.Ordinal);
        Assert.Contains(record.Differences!, report, StringComparison.Ordinal);
        var index = (await world.Documents.ReadAsync<DifferenceIndex>(record.Differences!, default))!;
        Assert.Equal(3, index.Data[0].Parts.Count);
        Assert.All(index.Data[0].Parts, part => Assert.EndsWith(".jsonl", part, StringComparison.Ordinal));
        // A difference travels by reference: of fifteen names a history has ten.
        Assert.False(await world.StateHoldsAsync("intruder 24"));
        Assert.True(await world.StateHoldsAsync("intruder 10"));
    }

    [Fact]
    public async Task A_difference_that_was_repaired_does_not_stop_the_run_and_is_reported()
    {
        await using var world = await World.StartAsync(azurite);
        var rounds = 0;
        world.Faults.Before = name => name == nameof(CompareData) && ++rounds == 1 ? world.Target.PutAsync("intruder", "x") : Task.CompletedTask;

        var run = await world.MigrateAsync(world.Spec());

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Equal((1, 1, 0), (run.Figures!.ObjectsRepaired, run.Verification!.Repaired, run.Verification.Mismatches));
        var report = await world.BackupAsync("report.md");
        Assert.Contains("0 differ, 1 repaired", report, StringComparison.Ordinal);
        Assert.Matches(@"\d s old at the cut-over, stale at ", report);
    }

    [Fact]
    public async Task A_verification_that_is_stale_at_the_cut_over_is_made_again_and_at_last_refused()
    {
        await using var world = await World.StartAsync(azurite);
        var spec = world.Spec();

        var run = await world.MigrateAsync(spec with { Verify = spec.Verify with { StaleAfter = TimeSpan.FromMilliseconds(1) } });

        Assert.Equal((RunStatus.Compensated, StepNames.CutOver, VerifyCodes.Stale), (run.Status, run.Failure?.Step, run.Failure?.Code));
        Assert.Equal(3, run.Verification!.Round);
        Assert.Equal("shop v1", await world.HomeAsync());
        Assert.False(await world.SlotExistsAsync());
    }
}
