using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Local.Demo.Processes;

internal static class Ports
{
    /// <summary>Loopback ports that are free now. All are held until all are found, so that none comes twice.</summary>
    public static int[] Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            return [.. listeners.Select(listener =>
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            })];
        }
        finally
        {
            foreach (var listener in listeners)
            {
                listener.Dispose();
            }
        }
    }
}
