using Orchestrator.Local.Demo;
using Orchestrator.Local.Demo.Building;
using Orchestrator.Local.Demo.Processes;
using Orchestrator.Local.Demo.World;

namespace Orchestrator.Benchmarks.Footprint;

/// <summary>The demo's processes, with a counter before the blob server.</summary>
internal sealed class FootprintWorld : IAsyncDisposable
{
    private const string StateContainer = "orchestrator";
    private readonly Stack<IAsyncDisposable> _running = new();
    private readonly string _folder;

    private FootprintWorld(string folder) => _folder = folder;

    public BlobAccounts Blobs { get; private set; } = null!;

    public CountingProxy Proxy { get; private set; } = null!;

    public Emulator Emulator { get; private set; } = null!;

    public FunctionsApp App { get; private set; } = null!;

    public string StateFile => Path.Combine(_folder, "state.db");

    public string AppLog => Path.Combine(Logs, "functions.log");

    private string Logs => Path.Combine(_folder, "logs");

    public static async Task<FootprintWorld> StartAsync(Repository repository, Tokens tokens, string folder, CancellationToken cancellationToken)
    {
        var world = new FootprintWorld(folder);
        Directory.CreateDirectory(world.Logs);
        try
        {
            await world.StartAsync(repository, tokens, cancellationToken);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_running.TryPop(out var part)) await part.DisposeAsync();
    }

    private async Task StartAsync(Repository repository, Tokens tokens, CancellationToken cancellationToken)
    {
        var ports = Ports.Free(3);
        var azurite = Keep(await Azurite.StartAsync(repository, ports[0], Logs, cancellationToken));
        Proxy = Keep(await CountingProxy.StartAsync(ports[1], azurite.Endpoint, StateContainer, cancellationToken));
        Blobs = new BlobAccounts(Proxy.Endpoint, azurite.Keys);
        Emulator = Keep(await Emulator.StartAsync(repository, Proxy.Endpoint, azurite.Keys, Path.Combine(_folder, "emulator"), Logs, cancellationToken));
        App = Keep(await FunctionsApp.StartAsync(repository, ports[2], Emulator.Addresses, Blobs, tokens, _folder, Logs, cancellationToken));
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _running.Push(part);
        return part;
    }
}
