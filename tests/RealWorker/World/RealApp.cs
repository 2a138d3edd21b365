using Orchestrator.Local.AzureEmulator;
using Orchestrator.Local.Demo;
using Orchestrator.Local.Demo.Building;
using Orchestrator.Local.Demo.Processes;
using Orchestrator.Local.Demo.Setup;
using Orchestrator.Local.Demo.World;
using Orchestrator.RealWorker.Host;
using Orchestrator.Workflows.Tests;

namespace Orchestrator.RealWorker.World;

/// <summary>The published app on its real worker, with Azurite for its blobs and the emulator for ARM.</summary>
public sealed class RealApp : IAsyncLifetime
{
    private readonly Repository _repository = Repository.Find();
    private readonly Tokens _tokens = new();
    private Azurite? _azurite;
    private EmulatorHost? _emulator;
    private HttpClient? _armHttp;

    /// <summary>What was published.</summary>
    internal string Folder { get; private set; } = "";

    /// <summary>The app that tests share which make no errors.</summary>
    internal RunningApp Running { get; private set; } = null!;

    private BlobAccounts Blobs => new(_azurite!.Endpoint, _azurite.Keys);

    public async Task InitializeAsync()
    {
        Folder = await PublishedApp.PublishAsync(_repository, CancellationToken.None);
        var logs = PublishedApp.LogFolder(_repository);
        await AzuriteInstall.ArgumentsAsync();
        _azurite = await Azurite.StartAsync(_repository, Ports.Free(1)[0], logs, CancellationToken.None);
        _emulator = await EmulatorHost.StartAsync(new EmulatorOptions
        {
            DataDirectory = Path.Combine(logs, "emulator"),
            BlobEndpoint = _azurite.Endpoint.GetLeftPart(UriPartial.Authority),
            BlobAccounts = _azurite.Keys,
            Durations = EmulatorDurations.Instant,
            Runtime = new ShopRuntime(url => Blobs.Container(new Uri(url))),
        });
        var addresses = _emulator.Addresses;
        _armHttp = Emulator.ArmClient(new(addresses.Arm, addresses.Front, addresses.FrontTls, addresses.CertificateFile, addresses.Control));
        Running = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (Running is not null) await Running.DisposeAsync();
        _armHttp?.Dispose();
        if (_emulator is not null) await _emulator.DisposeAsync();
        if (_azurite is not null) await _azurite.DisposeAsync();
    }

    /// <summary>The app once more, on the same blobs, with runs and errors of its own.</summary>
    /// <param name="without">A setting to leave out.</param>
    internal async Task<RunningApp> StartAsync(string? without = null) => new(
        await FunctionsHost.StartAsync(
            Folder, Settings().Where(setting => setting.Key != without).ToDictionary(), Path.Combine(PublishedApp.LogFolder(_repository), "worker.log"), CancellationToken.None),
        _tokens);

    /// <summary>A shop that customers are served by.</summary>
    internal async Task<MovingShop> OpenShopAsync(string name)
    {
        var shop = new MovingShop(name, new Arm(_armHttp!), Blobs, _emulator!.Addresses.Front.Port);
        await shop.OpenAsync();
        return shop;
    }

    // What docs/azure.md's table requires, with this installation's own key for tokens in place of Entra ID, and where the stand-ins are.
    private Dictionary<string, string?> Settings()
    {
        var settings = new Dictionary<string, string?>
        {
            ["State__Container"] = $"{Blobs.Url(Azurite.Own)}/state",
            ["Auth__SigningKey"] = _tokens.SigningKey,
            ["Auth__Issuer"] = Tokens.Issuer,
            ["Auth__Audience"] = Tokens.Audience,
            ["Azure__ArmEndpoint"] = _emulator!.Addresses.Arm.GetLeftPart(UriPartial.Authority),
            ["Azure__TrustedCertificate"] = _emulator.Addresses.CertificateFile,
            ["Azure__SiteEndpoint"] = _emulator.Addresses.FrontTls.Authority,
            ["Azure__StaticToken"] = Emulator.Token,
            ["Azure__PollInterval"] = "00:00:00.100",
        };
        foreach (var (index, account) in Blobs.Keys.Keys.Order(StringComparer.Ordinal).Index())
        {
            settings[$"Azure__BlobAccounts__{index}__Endpoint"] = Blobs.Url(account).ToString();
            settings[$"Azure__BlobAccounts__{index}__Key"] = Blobs.Keys[account];
        }

        return settings;
    }
}
