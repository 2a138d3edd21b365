using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Local.Demo.World;

internal static class SiteHttp
{
    /// <summary>A client that reaches every host at the front end, as DNS would arrange it. It keeps no cookies.</summary>
    public static HttpClient Client(int frontPort) => new(new SocketsHttpHandler
    {
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, frontPort, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    { Timeout = TimeSpan.FromSeconds(60) };
}
