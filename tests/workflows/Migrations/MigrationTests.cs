using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Tests.Migrations;

public sealed class MigrationTests(Azurite azurite) : IClassFixture<Azurite>
{
    [Fact]
    public async Task A_migration_makes_the_new_version_live_with_all_data_and_a_report()
    {
        await using var world = await World.StartAsync(azurite);

        var run = await world.MigrateAsync(world.Spec());

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Equal("shop v2", await world.HomeAsync());
        Assert.True(await world.TakesWritesAsync());
        Assert.Equal(12, run.Figures!.ObjectsCopied);
        Assert.All(run.Steps.Where(s => s.Name != StepNames.Approve), s => Assert.Equal(StepStatus.Succeeded, s.Status));
        Assert.Contains("# Migration shop-v2: succeeded", await world.BackupAsync("report.md"), StringComparison.Ordinal);
        Assert.Null(AuditLog.FirstBroken(await world.BackupAsync("audit.jsonl")));
    }

    [Fact]
    public async Task A_container_without_objects_is_migrated_and_gone_back_from_like_any_other()
    {
        await using var world = await World.StartAsync(azurite, objects: 0);
        await world.StartRunAsync(world.Spec() with { Rollback = new RollbackSpec { ExpiresAfter = TimeSpan.FromHours(1) } });

        var run = await world.UntilAsync("shop-v2", seen => RunStatus.IsEnd(seen.Status));
        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        await world.AskAsync(ControlRequest.Rollback);
        run = await world.EndAsync("shop-v2");

        Assert.True(run.Status == RunStatus.RolledBack, run.Failure?.ToString());
        Assert.Equal("shop v1", await world.HomeAsync());
        Assert.Equal(0, await world.CountAsync(world.Source));
    }
}
