using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Orchestrator.Workflows.Tests;

namespace Orchestrator.Benchmarks.Data.Servers;

/// <summary>A blob server with three accounts, its data in a folder on disk that goes with it. It is one thread of Node.js: what bounds every figure here.</summary>
internal sealed class AzuriteServer : IAsyncDisposable
{
    private static readonly string[] Accounts = ["shopstore", "shopstore2", "orchstore"];
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private int _containers;

    private AzuriteServer(Process process, DirectoryInfo folder, string address, string key) =>
        (_process, _folder, Address, Key) = (process, folder, address, key);

    public string Address { get; }

    /// <summary>Of all three accounts; made anew for each server.</summary>
    public string Key { get; }

    public IEnumerable<string> Endpoints => Accounts.Select(account => $"{Address}/{account}");

    /// <summary>URL of a container that there is not yet.</summary>
    public string NewContainer(string account = "shopstore2") => $"{Address}/{account}/bench-{Interlocked.Increment(ref _containers)}";

    /// <summary>Takes a time and tells, on standard error, how much processor time this process and the server took in it.</summary>
    public async Task<double> SecondsAsync(string what, Func<Task> run)
    {
        using var self = Process.GetCurrentProcess();
        var before = Used();
        var seconds = await Rounds.SecondsAsync(run);
        var after = Used();
        Console.Error.WriteLine($"{what}: {seconds:0.00} s, processor {after.Self - before.Self:0.00} s here, {after.Server - before.Server:0.00} s Azurite");
        return seconds;

        (double Self, double Server) Used()
        {
            self.Refresh();
            _process.Refresh();
            return (self.TotalProcessorTime.TotalSeconds, _process.TotalProcessorTime.TotalSeconds);
        }
    }

    public static async Task<AzuriteServer> StartAsync(DirectoryInfo place)
    {
        var folder = place.CreateSubdirectory($"azurite-{Guid.NewGuid():N}");
        var (port, key) = (FreePort(), Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)));
        var start = new ProcessStartInfo(
            "node", [.. await AzuriteInstall.ArgumentsAsync(), "--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--location", folder.FullName, "--disableTelemetry", "--skipApiVersionCheck", "--silent", "--loose"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["AZURITE_ACCOUNTS"] = string.Join(';', Accounts.Select(account => $"{account}:{key}"));
        var server = new AzuriteServer(Process.Start(start)!, folder, $"http://127.0.0.1:{port}", key);
        await server.ReadyAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task ReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains("successfully listens", StringComparison.Ordinal)) return;
        }

        throw new InvalidOperationException("Azurite ended before it listened.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
