using Orchestrator.RealWorker.Host;
using Orchestrator.RealWorker.World;

namespace Orchestrator.RealWorker;

[Collection(RealAppCollection.Name)]
public sealed class StartTests(RealApp app)
{
    [Fact]
    public async Task The_worker_ends_in_order_when_its_host_stops()
    {
        await using var running = await app.StartAsync();

        var code = await running.Host.Worker.TerminateAsync(CancellationToken.None);

        Assert.Equal(0, code);
        Assert.Empty(running.Host.Errors);
    }

    [Theory]
    [InlineData("State__Container")]
    [InlineData("Auth__Audience")]
    [InlineData("Auth__Issuer")]
    public async Task Without_a_required_setting_it_does_not_start_and_names_it(string setting)
    {
        var refused = await Assert.ThrowsAsync<WorkerEndedException>(async () =>
        {
            await using var running = await app.StartAsync(without: setting);
        });

        Assert.Contains(setting, refused.Message, StringComparison.Ordinal);
    }
}
