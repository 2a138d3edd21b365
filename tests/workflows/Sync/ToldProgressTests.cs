using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Tests.Sync;

public sealed class ToldProgressTests(Azurite azurite) : IClassFixture<Azurite>
{
    [Theory]
    [InlineData(StepNames.Sync)]
    [InlineData(StepNames.Verify)]
    public async Task The_batches_of_a_step_tell_how_far_it_is(string step)
    {
        await using var world = await World.StartAsync(azurite, objects: 12);

        var run = await world.MigrateAsync(world.Spec());

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        var told = (await world.Documents.ReadAsync<ProgressDocument>(RunPaths.Progress("shop-v2", step), default))!.Sum();
        Assert.Equal((12, 12), (told.Done, told.Total));
        Assert.Equal(told.BytesTotal, told.BytesDone);
        Assert.NotEqual(0, told.BytesDone);
    }
}
