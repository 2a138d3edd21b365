using System.Security.Cryptography;
using Orchestrator.Local.Demo.Building;
using Orchestrator.Local.Demo.Processes;

namespace Orchestrator.Local.Demo.World;

/// <summary>The blob server with its three accounts: the shop's, the one it moves to, and the orchestrator's own.</summary>
internal sealed class Azurite : IAsyncDisposable
{
    public const string Source = "shopstore";
    public const string Target = "shopstore2";
    public const string Own = "orchstore";

    private readonly Child _child;

    private Azurite(Child child, int port, IReadOnlyDictionary<string, string> keys) => (_child, Port, Keys) = (child, port, keys);

    public int Port { get; }

    /// <summary>Account names and keys; the keys are made anew for every run.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; }

    public Uri Endpoint => new($"http://127.0.0.1:{Port}");

    public static async Task<Azurite> StartAsync(Repository repository, int port, string logs, CancellationToken cancellationToken)
    {
        string[] accounts = [Source, Target, Own];
        var keys = accounts.ToDictionary(account => account, _ => Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)));
        var child = Child.Start(
            new Command("Azurite", "node",
                [
                    "--require", repository.At("local", "azurite", "preload.cjs"),
                    Path.Combine(repository.AzuriteModules, "azurite", "dist", "src", "blob", "main.js"),
                    "--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--inMemoryPersistence",
                    "--disableTelemetry", "--skipApiVersionCheck", "--silent", "--loose",
                ],
                logs)
            {
                Environment = new Dictionary<string, string?>
                {
                    ["AZURITE_ACCOUNTS"] = string.Join(';', keys.Select(account => $"{account.Key}:{account.Value}")),
                },
            },
            Path.Combine(logs, "azurite.log"));
        var azurite = new Azurite(child, port, keys);
        using var http = new HttpClient();

        // Any answer will do; an anonymous list of accounts is refused.
        await Ready.WaitAsync(child, async limit =>
        {
            using var answer = await http.GetAsync(azurite.Endpoint, limit);
            return true;
        }, cancellationToken);
        return azurite;
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();
}
