using Orchestrator.Local.Demo.Building;
using Orchestrator.Local.Demo.Processes;

namespace Orchestrator.Local.Demo.World;

/// <summary>Everything that runs for the demo; disposing stops it, the last started first.</summary>
internal sealed class DemoWorld : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _running;

    public required BlobAccounts Blobs { get; init; }

    public required Emulator Emulator { get; init; }

    public required FunctionsApp App { get; init; }

    /// <param name="targetRefusesBlobs">Puts a proxy before the blob server that lets no blob be written to the target account.</param>
    public static async Task<DemoWorld> StartAsync(
        Repository repository, Tokens tokens, bool targetRefusesBlobs, string folder, string logs, CancellationToken cancellationToken)
    {
        var started = new Stack<IAsyncDisposable>();
        try
        {
            var ports = Ports.Free(3);
            var azurite = Push(await Azurite.StartAsync(repository, ports[0], logs, cancellationToken));
            var endpoint = targetRefusesBlobs
                ? Push(await BlobProxy.StartAsync(ports[1], azurite.Endpoint, cancellationToken)).Endpoint
                : azurite.Endpoint;
            var blobs = new BlobAccounts(endpoint, azurite.Keys);
            var emulator = Push(await Emulator.StartAsync(
                repository, endpoint, azurite.Keys, Path.Combine(folder, "emulator"), logs, cancellationToken));
            var app = Push(await FunctionsApp.StartAsync(repository, ports[2], emulator.Addresses, blobs, tokens, folder, logs, cancellationToken));
            return new DemoWorld(started) { Blobs = blobs, Emulator = emulator, App = app };
        }
        catch
        {
            await StopAsync(started);
            throw;
        }

        T Push<T>(T part)
            where T : IAsyncDisposable
        {
            started.Push(part);
            return part;
        }
    }

    private DemoWorld(Stack<IAsyncDisposable> running) => _running = running;

    public ValueTask DisposeAsync() => new(StopAsync(_running));

    private static async Task StopAsync(Stack<IAsyncDisposable> running)
    {
        while (running.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }
}
