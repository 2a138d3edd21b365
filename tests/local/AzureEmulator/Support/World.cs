using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Tests.Support;

/// <summary>An emulator of its own for one test, with apps that run inside the test process, and ways to talk to it.</summary>
internal sealed class World : IAsyncDisposable
{
    public const string Subscription = "11111111-1111-1111-1111-111111111111";
    public const string Group = $"/subscriptions/{Subscription}/resourceGroups/shop";
    public const string Web = $"{Group}/providers/Microsoft.Web";
    public const string Site = $"{Web}/sites/shop";
    public const string Staging = $"{Site}/slots/staging";
    public const string Plan = $"{Web}/serverfarms/plan";

    private readonly EmulatorHost? _host;

    private World(EmulatorHost? host, EmulatorAddresses addresses, PackageServer packages, InProcessRuntime apps, string data)
    {
        (_host, Addresses, Packages, Apps, Data) = (host, addresses, packages, apps, data);
        Handler = TrustingHandler(addresses.CertificateFile);
        Arm = new ArmCalls(new HttpClient(Handler, disposeHandler: false) { BaseAddress = addresses.Arm });
        Front = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = addresses.Front, Timeout = TimeSpan.FromSeconds(30) };
        Control = new HttpClient { BaseAddress = addresses.Control };
    }

    public EmulatorAddresses Addresses { get; }

    public string Data { get; }

    public PackageServer Packages { get; }

    public InProcessRuntime Apps { get; }

    /// <summary>Trusts the emulator's certificate and nothing else.</summary>
    public SocketsHttpHandler Handler { get; }

    public ArmCalls Arm { get; }

    public HttpClient Front { get; }

    public HttpClient Control { get; }

    public static async Task<World> StartAsync(Func<EmulatorOptions, EmulatorOptions>? change = null)
    {
        var data = Directory.CreateTempSubdirectory("emulator-").FullName;
        var apps = new InProcessRuntime();
        var options = new EmulatorOptions
        {
            DataDirectory = data,
            Runtime = apps,
            RetryAfterSeconds = 0,
            Durations = EmulatorDurations.Instant with { StartLimit = TimeSpan.FromSeconds(10), HoldLimit = TimeSpan.FromSeconds(10), WarmUpPing = TimeSpan.FromSeconds(5) },
        };
        var host = await EmulatorHost.StartAsync(change is null ? options : change(options));
        return new World(host, host.Addresses, await PackageServer.StartAsync(), apps, data);
    }

    /// <summary>The same ways to talk, to an emulator that runs as a process of its own.</summary>
    public static async Task<World> AttachAsync(Uri arm, Uri front, string certificate) => new(
        null, new EmulatorAddresses(arm, front, front, certificate), await PackageServer.StartAsync(), new InProcessRuntime(), Directory.CreateTempSubdirectory("emulator-").FullName);

    /// <summary>A group, a standard plan, the site running v1 and a staging slot running v2.</summary>
    public static async Task<World> WithShopAsync(string sku = "S1", Func<EmulatorOptions, EmulatorOptions>? change = null)
    {
        var world = await StartAsync(change);
        await world.Arm.OkAsync("PUT", Group, """{"location":"westeurope"}""");
        await world.Arm.OkAsync("PUT", Plan, $$$"""{"location":"westeurope","sku":{"name":"{{{sku}}}"}}""");
        await world.Arm.OkAsync("PUT", Site, SiteBody("~20", "prod"));
        await world.DeployAsync(Site, "v1");
        await world.Arm.OkAsync("PUT", Staging, SiteBody("6.9.1", "slot"));
        await world.DeployAsync(Staging, "v2");
        await world.Arm.OkAsync("PUT", $"{Site}/config/slotConfigNames", """{"properties":{"appSettingNames":["s1"]}}""");
        return world;
    }

    public async Task DeployAsync(string site, string version, string? behaviour = null)
    {
        var answer = await Arm.SettleAsync("PUT", $"{site}/extensions/onedeploy", $$$"""{"properties":{"packageUri":"{{{Packages.Add(version, behaviour)}}}","type":"zip"}}""");
        Assert.Equal("Succeeded", (string?)answer.Body!["properties"]!["provisioningState"]);
    }

    /// <summary>What the app behind a host answers: its version, its settings, which instance it is.</summary>
    public async Task<JsonNode> AskAsync(string host, string path = "/")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host + ".azurewebsites.net";
        using var response = await Front.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    public async Task<string> VersionAsync(string host) => (string)(await AskAsync(host))["version"]!;

    public async Task<JsonObject> SettingsAsync(string site) => (JsonObject)(await Arm.OkAsync("POST", $"{site}/config/appsettings/list"))!["properties"]!;

    public async Task<JsonNode> ControlAsync(string path) => JsonNode.Parse(await Control.GetStringAsync(path))!;

    public async Task FaultAsync(string fault)
    {
        using var content = new StringContent(fault, null, "application/json");
        using var response = await Control.PostAsync("faults", content);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
    }

    public static string SiteBody(string moves, string sticks) => $$$"""
        {"location":"westeurope","tags":{"owner":"shop"},"properties":{"serverFarmId":"{{{Plan}}}","siteConfig":{
          "appSettings":[{"name":"moves","value":"{{{moves}}}"},{"name":"s1","value":"{{{sticks}}}"}] } } }
        """;

    public async ValueTask DisposeAsync()
    {
        Front.Dispose();
        Control.Dispose();
        Handler.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        await Packages.DisposeAsync();
        Directory.Delete(Data, recursive: true);
    }

    private static SocketsHttpHandler TrustingHandler(string certificateFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(certificateFile);
        return new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
    }
}
