using System.Net.Sockets;

namespace Orchestrator.EndToEnd;

[Collection(OneAtATime.Name)]
public sealed class StoppingTests
{
    [Fact]
    public async Task A_demo_that_is_told_to_stop_leaves_nothing_running()
    {
        var demo = new KeptDemo();
        await demo.InitializeAsync();
        string[] addresses = [demo.Address("shop"), demo.Address("orchestrator"), demo.Address("arm"), demo.Address("blobs")];

        var code = await demo.StopAsync();
        await demo.DisposeAsync();

        Assert.Equal(0, code);
        Assert.All(addresses, address => Assert.False(Listens(new Uri(address).Port), address));
    }

    private static bool Listens(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
