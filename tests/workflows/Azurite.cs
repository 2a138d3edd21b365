using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Tests;

/// <summary>A real blob server for the tests of one class or collection, with the accounts shopstore, shopstore2 and orchstore, everything in memory.</summary>
public sealed class Azurite : IAsyncLifetime
{
    private const string Key = "b3JjaGVzdHJhdG9yLXRlc3RzLW9ubHktb3JjaGVzdHJhdG9yLXRlc3RzLW9ubHk=";
    private static readonly string[] Accounts = ["shopstore", "shopstore2", "orchstore"];
    private Process? _process;
    private int _containers;

    public string Address { get; private set; } = "";

    public BlobStores Stores { get; private set; } = null!;

    public BlobStoreOptions Options => new()
    {
        BlobAccounts = [.. Accounts.Select(account => new BlobAccount { Endpoint = $"{Address}/{account}", Key = Key })],
    };

    public string ContainerUrl(string account, string container) => $"{Address}/{account}/{container}";

    /// <summary>A container that no other test has; it exists.</summary>
    public async Task<BlobContainerClient> CreateContainerAsync(string account = "shopstore")
    {
        var container = NewContainer(account);
        await container.CreateAsync();
        return container;
    }

    /// <summary>A container that no other test has; it does not exist yet.</summary>
    public BlobContainerClient NewContainer(string account = "shopstore2") =>
        Stores.Container(ContainerUrl(account, $"test-{Interlocked.Increment(ref _containers)}"));

    public async Task<List<string>> ContainerNamesAsync(string account)
    {
        var names = new List<string>();
        await foreach (var item in Stores.Container(ContainerUrl(account, "any")).GetParentBlobServiceClient().GetBlobContainersAsync()) names.Add(item.Name);
        return names;
    }

    public async Task InitializeAsync()
    {
        var port = FreePort();
        Address = $"http://127.0.0.1:{port}";
        var start = new ProcessStartInfo(
            "node", [.. await AzuriteInstall.ArgumentsAsync(), "--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent", "--loose"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["AZURITE_ACCOUNTS"] = string.Join(';', Accounts.Select(account => $"{account}:{Key}"));
        _process = Process.Start(start)!;
        await ReadyAsync(_process.StandardOutput);
        Stores = new BlobStores(Microsoft.Extensions.Options.Options.Create(Options), new NoIdentity());
    }

    public async Task DisposeAsync()
    {
        if (_process is null) return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task ReadyAsync(StreamReader output)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await output.ReadLineAsync(limit.Token) is { } line)
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
