using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Tests.CutOver;

public sealed class CutOverInStepsTests(Azurite azurite) : IClassFixture<Azurite>
{
    [Fact]
    public async Task Clients_move_in_steps_before_the_swap_and_no_write_is_lost_on_either_side()
    {
        var faults = new Faults();
        await using var world = await World.StartAsync(azurite, faults);
        var traffic = new TrafficSpec { Steps = [new TrafficStepSpec { Percent = 30, Hold = TimeSpan.FromSeconds(1) }, new TrafficStepSpec { Percent = 100, Hold = TimeSpan.FromSeconds(1) }] };
        await world.StartRunAsync(world.Spec() with { Traffic = traffic });
        await world.UntilAsync("shop-v2", run => run.CutOver?.Phase == CutOverPhase.Traffic);
        var written = new List<string>();
        for (var order = 0; order < 20; order++)
            if (await world.WriteAsync($"meanwhile-{order}")) written.Add($"meanwhile-{order}.json");

        var run = await world.EndAsync("shop-v2");

        Assert.True(run.Status == RunStatus.Succeeded, run.Failure?.ToString());
        Assert.Equal("shop v2", await world.HomeAsync());
        Assert.True(await world.TakesWritesAsync());
        foreach (var order in written) Assert.True(await world.Target.GetBlobClient(order).ExistsAsync(), order);
        Assert.NotEmpty(written);
        var report = await world.BackupAsync("report.md");
        Assert.Contains("## Traffic in steps", report, StringComparison.Ordinal);
        Assert.Contains("| 1 | 30 % |", report, StringComparison.Ordinal);
        Assert.Contains("| 2 | 100 % |", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancellation_while_clients_move_takes_them_back_and_undoes_the_run()
    {
        await using var world = await World.StartAsync(azurite);
        var traffic = new TrafficSpec { Steps = [new TrafficStepSpec { Percent = 50, Hold = TimeSpan.FromMinutes(10) }] };
        await world.StartRunAsync(world.Spec() with { Traffic = traffic });
        await world.UntilAsync("shop-v2", run => run.CutOver?.Phase == CutOverPhase.Traffic);

        await world.Client.RaiseEventAsync("shop-v2", RunEvents.Cancel, new CancelRequest("cho@contoso.com", "not today", DateTimeOffset.UtcNow));
        var run = await world.EndAsync("shop-v2");

        Assert.Equal(RunStatus.Cancelled, run.Status);
        Assert.False(await world.SlotExistsAsync());
        Assert.False(await world.Target.ExistsAsync());
        Assert.True(await world.TakesWritesAsync());
    }
}
