using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Tests.Migrations;

public sealed class RepetitionTests(Azurite azurite) : IClassFixture<Azurite>
{
    [Fact]
    public async Task Every_activity_run_twice_gives_the_same_migration_and_one_swap()
    {
        await using var world = await World.StartAsync(azurite, new Faults { EachTwice = true });

        await AssertSucceedsAsync(world);
    }

    [Fact]
    public async Task Every_activity_failing_once_before_its_effect_is_repeated()
    {
        await using var world = await World.StartAsync(azurite, new Faults { EachOnceBefore = true });

        await AssertSucceedsAsync(world);
    }

    [Fact]
    public async Task Every_activity_losing_its_first_answer_is_repeated_without_harm()
    {
        await using var world = await World.StartAsync(azurite, new Faults { EachOnceAfter = true });

        await AssertSucceedsAsync(world);
    }

    private static async Task AssertSucceedsAsync(World world)
    {
        var run = await world.MigrateAsync(world.Spec());

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Equal("shop v2", await world.HomeAsync());
        Assert.True(await world.TakesWritesAsync());
        Assert.Single(await world.ArmCallsAsync(), c => c.Path.EndsWith("/slotsswap", StringComparison.OrdinalIgnoreCase));
        Assert.Null(AuditLog.FirstBroken(await world.BackupAsync("audit.jsonl")));
    }
}
