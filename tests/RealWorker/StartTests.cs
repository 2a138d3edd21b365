using Orchestrator.RealWorker.World;

namespace Orchestrator.RealWorker;

[Collection(RealAppCollection.Name)]
public sealed class StartTests(RealApp app)
{
    [Fact]
    public async Task The_worker_ends_in_order_when_its_host_stops()
    {
        await using var host = await app.StartHostAsync();

        var code = await host.TerminateAsync(CancellationToken.None);

        Assert.Equal((0, 0), (code, host.Errors.Count));
    }

    [Theory]
    [InlineData("State__Container")]
    [InlineData("Auth__Audience")]
    [InlineData("Auth__Issuer")]
    public async Task Without_a_required_setting_it_does_not_start_and_names_it(string setting)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartHostAsync(without: setting));

        Assert.Contains(setting, refused.Message, StringComparison.Ordinal);
    }
}
