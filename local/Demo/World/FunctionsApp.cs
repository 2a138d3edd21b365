using Orchestrator.Local.Demo.Building;
using Orchestrator.Local.Demo.Processes;

namespace Orchestrator.Local.Demo.World;

/// <summary>The orchestrator itself. It can be killed and started again on the same port and the same state.</summary>
internal sealed class FunctionsApp : IAsyncDisposable
{
    private readonly Command _command;
    private readonly string _log;
    private Child _child;

    private FunctionsApp(Command command, string log, Uri address)
    {
        (_command, _log, Address) = (command, log, address);
        _child = Child.Start(_command, _log);
    }

    public Uri Address { get; }

    public string LogTail => _child.Tail();

    public int ProcessId => _child.Id;

    /// <param name="more">Settings that come on top of the demo's own, or in their place.</param>
    public static async Task<FunctionsApp> StartAsync(
        Repository repository, int port, EmulatorAddresses emulator, BlobAccounts blobs, Tokens tokens, string folder, string logs,
        CancellationToken cancellationToken, IReadOnlyDictionary<string, string?>? more = null)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        var settings = new Dictionary<string, string?>
        {
            ["LocalHost__Urls"] = address.GetLeftPart(UriPartial.Authority),
            ["LocalHost__StateFile"] = Path.Combine(folder, "state.db"),
            ["Azure__ArmEndpoint"] = emulator.Arm.GetLeftPart(UriPartial.Authority),
            ["Azure__ArmAudience"] = "https://management.azure.com",
            ["Azure__TrustedCertificate"] = emulator.Certificate,
            ["Azure__SiteEndpoint"] = emulator.FrontTls.Authority,
            ["Azure__StaticToken"] = Emulator.Token,
            ["State__Container"] = $"{blobs.Url(Azurite.Own)}/orchestrator",
            ["Auth__SigningKey"] = tokens.SigningKey,
            ["Auth__Issuer"] = Tokens.Issuer,
            ["Auth__Audience"] = Tokens.Audience,
        };
        foreach (var (index, account) in blobs.Keys.Keys.Order(StringComparer.Ordinal).Index())
        {
            settings[$"Azure__BlobAccounts__{index}__Endpoint"] = blobs.Url(account).ToString();
            settings[$"Azure__BlobAccounts__{index}__Key"] = blobs.Keys[account];
        }

        foreach (var (name, value) in more ?? new Dictionary<string, string?>())
        {
            settings[name] = value;
        }

        var command = new Command("The functions app", "dotnet", [repository.FunctionsAssembly], folder) { Environment = settings };
        var app = new FunctionsApp(command, Path.Combine(logs, "functions.log"), address);
        await app.WaitReadyAsync(cancellationToken);
        return app;
    }

    /// <summary>SIGKILL, and a new process on what the old one left.</summary>
    /// <param name="away">How long there is no process in between.</param>
    public async Task KillAndRestartAsync(CancellationToken cancellationToken, TimeSpan away = default)
    {
        await _child.KillAsync();
        await _child.DisposeAsync();
        await Task.Delay(away, cancellationToken);
        _child = Child.Start(_command, _log);
        await WaitReadyAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();

    private async Task WaitReadyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Address };
        await Ready.WaitAsync(_child, async limit =>
        {
            using var answer = await http.GetAsync(new Uri("/api/readyz", UriKind.Relative), limit);
            return answer.IsSuccessStatusCode;
        }, cancellationToken);
    }
}
