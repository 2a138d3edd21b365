using System.IO.Compression;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orchestrator.Local.AzureEmulator;
using Orchestrator.Local.Demo;
using Orchestrator.Local.Demo.Processes;
using Orchestrator.Local.Demo.Setup;
using Orchestrator.Local.Demo.World;
using Orchestrator.Workflows.Tests;
using EmulatorAddresses = Orchestrator.Local.Demo.World.EmulatorAddresses;

namespace Orchestrator.Storm;

/// <summary>A shop with orders on the emulator, and the functions app as a process that can be killed.</summary>
internal sealed class StormWorld : IAsyncDisposable
{
    private const int OldOrders = 8;
    private static int worlds;

    private readonly BlobServer _server;
    private readonly string _number = $"{Interlocked.Increment(ref worlds)}";
    private EmulatorHost _emulator = null!;
    private HttpClient _arm = null!;

    private StormWorld(BlobServer server, int seed)
    {
        _server = server;
        Folder = Path.Combine(server.Folder, $"seed-{seed}");
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
        Directory.CreateDirectory(Folder);
        Shops = new ShopRuntime(url => server.Accounts.Container(new Uri(url)));
    }

    /// <summary>Everything that this world writes; stays when the world was not as it should be.</summary>
    public string Folder { get; }

    public Tokens Tokens { get; } = new();

    public ShopRuntime Shops { get; }

    public FunctionsApp App { get; private set; } = null!;

    public Arm Arm { get; private set; } = null!;

    public Control Control { get; private set; } = null!;

    public int FrontPort => _emulator.Addresses.Front.Port;

    public BlobContainerClient Source => Container(Azurite.Source, "orders");

    public BlobContainerClient Target => Container(Azurite.Target, "orders");

    public BlobContainerClient Container(string account, string name) => _server.Accounts.Container(account, $"{name}-{_number}");

    public static async Task<StormWorld> StartAsync(BlobServer server, int seed, CancellationToken cancellationToken)
    {
        var world = new StormWorld(server, seed);
        await world.StartEmulatorAsync(cancellationToken);
        var app = world.StartAppAsync(cancellationToken);
        await world.BuildShopAsync(cancellationToken);
        world.App = await app;
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        Control.Dispose();
        _arm.Dispose();
        await _emulator.DisposeAsync();
    }

    private async Task StartEmulatorAsync(CancellationToken cancellationToken)
    {
        _emulator = await EmulatorHost.StartAsync(new EmulatorOptions
        {
            DataDirectory = Path.Combine(Folder, "emulator"),
            BlobEndpoint = _server.Accounts.Endpoint.GetLeftPart(UriPartial.Authority),
            Durations = EmulatorDurations.Instant with { ApplySlotConfig = TimeSpan.FromMilliseconds(100), Swap = TimeSpan.FromMilliseconds(200) },
            Runtime = Shops,
        }, cancellationToken);
        _arm = Emulator.ArmClient(Addresses());
        Arm = new Arm(_arm);
        Control = new Control(_emulator.Addresses.Control, Shops);
    }

    private EmulatorAddresses Addresses() => new(
        _emulator.Addresses.Arm, _emulator.Addresses.Front, _emulator.Addresses.FrontTls, _emulator.Addresses.CertificateFile, _emulator.Addresses.Control);

    private Task<FunctionsApp> StartAppAsync(CancellationToken cancellationToken) => FunctionsApp.StartAsync(
        _server.Repository, Ports.Free(1)[0], Addresses(), _server.Accounts, Tokens, Folder, Folder, cancellationToken, new Dictionary<string, string?>
        {
            ["State__Container"] = Container(Azurite.Own, "orchestrator").Uri.AbsoluteUri,
            ["Azure__PollInterval"] = "00:00:00.100",
        });

    private async Task BuildShopAsync(CancellationToken cancellationToken)
    {
        await PublishAsync(cancellationToken);
        await Source.CreateAsync(cancellationToken: cancellationToken);
        for (var i = 0; i < OldOrders; i++)
            await Source.GetBlobClient($"old/{i}.json").UploadAsync(BinaryData.FromString($"order {i}"), cancellationToken);

        var plan = $"{Arm.Group}/providers/Microsoft.Web/serverfarms/shop-plan";
        await Arm.PutAsync(Arm.Group, new JsonObject { ["location"] = "westeurope" }, cancellationToken);
        await Arm.PutAsync(plan, new JsonObject { ["location"] = "westeurope", ["sku"] = new JsonObject { ["name"] = "S1", ["tier"] = "Standard" } }, cancellationToken);
        await Arm.PutAsync(StormSpec.Site, Of(new() { ["serverFarmId"] = plan }, "westeurope"), cancellationToken);
        await Arm.PutAsync($"{StormSpec.Site}/config/web", Of(new() { ["healthCheckPath"] = "/healthz" }), cancellationToken);
        await Arm.PutAsync($"{StormSpec.Site}/config/appsettings", Of(new() { ["ORDERS_URL"] = Source.Uri.AbsoluteUri, ["LEGACY_MODE"] = "on", ["STAYS"] = "here" }), cancellationToken);
        await Arm.PutAsync($"{StormSpec.Site}/config/slotConfigNames", Of(new() { ["appSettingNames"] = new JsonArray("STAYS") }), cancellationToken);
        await Arm.PutAsync($"{StormSpec.Site}/extensions/onedeploy", Of(new() { ["packageUri"] = Package("v1"), ["type"] = "zip" }), cancellationToken);
        await ServedAsync(cancellationToken);
    }

    private static JsonObject Of(JsonObject properties, string? location = null)
    {
        var body = new JsonObject { ["properties"] = properties };
        if (location is not null) body["location"] = location;
        return body;
    }

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        var releases = Container(Azurite.Source, "releases");
        await releases.CreateAsync(PublicAccessType.Blob, cancellationToken: cancellationToken);
        foreach (var version in new[] { "v1", "v2" })
        {
            using var zip = new MemoryStream();
            using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
            {
                await using var entry = new StreamWriter(archive.CreateEntry("version.txt").Open());
                await entry.WriteAsync(version);
            }
            zip.Position = 0;
            await releases.GetBlobClient($"{version}.zip").UploadAsync(zip, cancellationToken);
        }
    }

    public string Package(string version) => Container(Azurite.Source, "releases").GetBlobClient($"{version}.zip").Uri.AbsoluteUri;

    private async Task ServedAsync(CancellationToken cancellationToken)
    {
        using var sites = SiteHttp.Client(FrontPort);
        while (await sites.GetStringAsync(new Uri($"http://{Buyer.Host}/"), cancellationToken) != "shop v1") await Task.Delay(20, cancellationToken);
    }
}
