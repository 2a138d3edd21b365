using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Local.AzureEmulator;
using Orchestrator.Local.DurableTask;
using Orchestrator.Local.DurableTask.Tests;
using Orchestrator.Local.Functions.Hosting;
using Orchestrator.Workflows.Azure;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Tests;

/// <summary>
/// A site with data on the emulator and Azurite, and the product's functions on the local host, in one process: every turn of an
/// orchestrator is replayed from the start, as the Azure back ends do.
/// </summary>
public sealed class World : IAsyncDisposable
{
    public const string SiteId = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Web/sites/shop";
    public const string Host = "shop.azurewebsites.net";
    private const string Group = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop";
    private static int worlds;

    private readonly Azurite azurite;
    private readonly DirectoryInfo folder;
    private readonly string number;
    private readonly ShopRuntime shop;
    private EmulatorHost emulator = null!;
    private IHost app = null!;
    private HttpClient arm = null!;
    private HttpClient front = null!;
    private string? history;

    private World(Azurite azurite, Faults faults)
    {
        (this.azurite, Faults, number) = (azurite, faults, $"{Interlocked.Increment(ref worlds)}");
        folder = Directory.CreateTempSubdirectory("orchestrator-world-");
        shop = new ShopRuntime(azurite.Stores.Container);
    }

    public Faults Faults { get; }

    /// <summary>What the orchestrator of the migration has logged.</summary>
    public LogLines Log { get; } = new(typeof(MigrationOrchestrator).FullName!);

    public BlobContainerClient Source => Container("shopstore", "orders");

    public BlobContainerClient Target => Container("shopstore2", "orders");

    public DurableTaskClient Client => app.DurableClient();

    /// <summary>One of the product's services.</summary>
    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public RunDocuments Documents => app.Services.GetRequiredService<RunDocuments>();

    public HttpClient Customers => front;

    /// <summary>How often the shop was asked for its health, in either slot.</summary>
    public int HealthChecks => shop.HealthChecks;

    public static async Task<World> StartAsync(Azurite azurite, Faults? faults = null, int objects = 12)
    {
        var world = new World(azurite, faults ?? new Faults());
        await world.StartEmulatorAsync();
        await world.StartAppAsync();
        await world.BuildSiteAsync(objects);
        return world;
    }

    /// <summary>A spec that succeeds when nothing goes wrong; a test changes what it is about.</summary>
    public MigrationSpec Spec(string id = "shop-v2") => new()
    {
        Id = id,
        Mode = MigrationMode.Migrate,
        Reason = "runtime out of support",
        Site = SiteId,
        Slot = "v2",
        Release = new ReleaseSpec { Package = PackageUrl("v2"), AppSettings = new Dictionary<string, string> { ["FEATURE_CART"] = "on" } },
        Data = [new DataSpec { Name = "orders", Source = Source.Uri.AbsoluteUri, Target = Target.Uri.AbsoluteUri, Setting = "ORDERS_URL" }],
        Snapshot = new SnapshotSpec { Container = azurite.ContainerUrl("shopstore", $"snapshots-{number}"), RetainDays = 1 },
        WritePause = new WritePauseSpec
        {
            On = new HttpCallSpec { Path = "/admin/read-only" }, Off = new HttpCallSpec { Path = "/admin/read-write" }, Limit = TimeSpan.FromSeconds(60),
        },
        Verify = new VerifySpec { Http = [new HttpCheckSpec { Name = "home", Path = "/", Contains = "v2" }] },
        Approval = null,
        Watch = new WatchSpec { Duration = TimeSpan.FromSeconds(1) },
        Rollback = new RollbackSpec { ExpiresAfter = TimeSpan.Zero },
    };

    public async Task StartRunAsync(MigrationSpec spec, string by = "dee@contoso.com")
    {
        await Documents.PutAsync(RunPaths.Spec(spec.Id!), spec, CancellationToken.None);
        await Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(MigrationOrchestrator), MigrationInput.From(spec, spec.Id!, by, DateTimeOffset.UtcNow), new StartOrchestrationOptions(InstanceId: spec.Id), CancellationToken.None);
    }

    public async Task<RunState> MigrateAsync(MigrationSpec spec)
    {
        await StartRunAsync(spec);
        return await EndAsync(spec.Id!);
    }

    public async Task<RunState> EndAsync(string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var ended = await Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, limit.Token);
        Assert.True(ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{ended.RuntimeStatus}: {ended.FailureDetails?.ErrorMessage}");
        return ended.ReadCustomStatusAs<RunState>()!;
    }

    /// <summary>Looks at a run until it is as wanted.</summary>
    public async Task<RunState> UntilAsync(string id, Func<RunState, bool> wanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var seen = await Client.GetInstanceAsync(id, getInputsAndOutputs: true, limit.Token);
            if (seen is { SerializedCustomStatus: not null } && seen.ReadCustomStatusAs<RunState>() is { } state && wanted(state)) return state;
            await pace.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>What the run asks a person, once it does.</summary>
    public async Task<PendingDecision> UntilDecisionAsync(string code, string id = "shop-v2")
    {
        var state = await UntilAsync(id, run => run.PendingDecision is not null || RunStatus.IsEnd(run.Status));
        Assert.True(state.PendingDecision?.Error.Code == code, $"{state.Status} {state.Failure} {state.PendingDecision}");
        return state.PendingDecision!;
    }

    public Task DecideAsync(PendingDecision asked, string choice, string id = "shop-v2") =>
        Client.RaiseEventAsync(id, RunEvents.Decision, new DecisionAnswer(asked.Id, "cho@contoso.com", choice, "seen in this test", DateTimeOffset.UtcNow));

    public Task AskAsync(string kind, string id = "shop-v2") =>
        Client.RaiseEventAsync(id, RunEvents.Control, new ControlRequest(kind, "cho@contoso.com", "wanted in this test", DateTimeOffset.UtcNow));

    public async Task<bool> WriteAsync(string order) =>
        (await front.PostAsync(new Uri($"https://{Host}/orders/{order}"), content: null)).IsSuccessStatusCode;

    public Task<string> HomeAsync() => front.GetStringAsync(new Uri($"https://{Host}/"));

    public async Task<bool> TakesWritesAsync() => (await front.PostAsync(new Uri($"https://{Host}/orders/{Guid.NewGuid():n}"), content: null)).IsSuccessStatusCode;

    public async Task<bool> SlotExistsAsync() => (await arm.GetAsync(Url($"{SiteId}/slots/v2"))).IsSuccessStatusCode;

    /// <summary>The calls to ARM so far, as <c>METHOD path</c> with their status.</summary>
    public async Task<IReadOnlyList<(string Method, string Path, int Status)>> ArmCallsAsync()
    {
        using var client = new HttpClient();
        var calls = await client.GetFromJsonAsync<JsonNode>(new Uri(emulator.Addresses.Control, "calls"));
        var list = calls as JsonArray ?? calls!["value"] as JsonArray ?? [];
        return [.. list.Select(c => (c!["method"]!.ToString(), c["path"]!.ToString(), c["status"]!.GetValue<int>()))];
    }

    public async Task<string> BackupAsync(string name) => (await Documents.ReadRawAsync(RunPaths.Of("shop-v2", name), CancellationToken.None))?.ToString() ?? "";

    /// <summary>Whether a text stands anywhere in the engine's state: inputs, outputs, histories, custom status.</summary>
    public async Task<bool> StateHoldsAsync(string text)
    {
        var needle = Encoding.UTF8.GetBytes(text);
        foreach (var file in folder.GetFiles("state.db*").Where(f => f.Extension != ".lock"))
        {
            await using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
            if (bytes.AsSpan().IndexOf(needle) >= 0) return true;
        }
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Equal("", string.Join("\n", ReplayChecker.Check(app.Services)));
        await app.StopAsync();
        app.Dispose();
        if (history is not null) await KeepAsync(history);
        arm.Dispose();
        front.Dispose();
        await emulator.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>Keeps what the engine has recorded, compressed, once the world has ended.</summary>
    public void KeepHistory(string file) => history = file;

    private async Task KeepAsync(string file)
    {
        await using var state = File.OpenRead(Path.Combine(folder.FullName, "state.db"));
        await using var kept = new GZipStream(File.Create(file), CompressionLevel.SmallestSize);
        await state.CopyToAsync(kept);
    }

    private async Task StartEmulatorAsync()
    {
        emulator = await EmulatorHost.StartAsync(new EmulatorOptions
        {
            DataDirectory = Path.Combine(folder.FullName, "emulator"), BlobEndpoint = azurite.Address, Durations = EmulatorDurations.Instant, Runtime = shop,
        });
        var options = new AzureOptions { TrustedCertificate = emulator.Addresses.CertificateFile, SiteEndpoint = emulator.Addresses.FrontTls.Authority };
        arm = new HttpClient(TrustedHandler.Create(options)) { BaseAddress = emulator.Addresses.Arm };
        arm.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "test");
        front = new HttpClient(TrustedHandler.Create(options));
    }

    private async Task StartAppAsync()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["LocalHost__StateFile"] = Path.Combine(folder.FullName, "state.db"),
            ["LocalHost__ReplayFromStart"] = "true",
            ["Azure__ArmEndpoint"] = emulator.Addresses.Arm.AbsoluteUri,
            ["Azure__ArmAudience"] = emulator.Addresses.Arm.AbsoluteUri,
            ["Azure__TrustedCertificate"] = emulator.Addresses.CertificateFile,
            ["Azure__SiteEndpoint"] = emulator.Addresses.FrontTls.Authority,
            ["Azure__StaticToken"] = "test",
            ["Azure__PollInterval"] = "00:00:00.100",
            ["State__Container"] = azurite.ContainerUrl("orchstore", $"state-{number}"),
        };
        for (var i = 0; i < azurite.Options.BlobAccounts.Count; i++)
        {
            settings[$"Azure__BlobAccounts__{i}__Endpoint"] = azurite.Options.BlobAccounts[i].Endpoint;
            settings[$"Azure__BlobAccounts__{i}__Key"] = azurite.Options.BlobAccounts[i].Key;
        }
        // With the version that instances get.
        File.Copy(Path.Combine(Repository.Root, "host.json"), Path.Combine(folder.FullName, "host.json"));
        var builder = LocalFunctionsApplication.CreateBuilder(new LocalHostOptions
        {
            Assemblies = [typeof(MigrationOrchestrator).Assembly], Folder = folder.FullName, Listens = false, Settings = settings,
        });
        builder.UseMiddleware<FaultMiddleware>();
        builder.Services.AddSingleton(Faults);
        builder.Services.AddSingleton<ILoggerProvider>(Log);
        builder.Services.AddWorkflows(builder.Configuration);
        app = builder.Build();
        await app.StartAsync();
    }

    private async Task BuildSiteAsync(int objects)
    {
        await PutAsync(Group, new JsonObject { ["location"] = "westeurope" });
        await PutAsync($"{Group}/providers/Microsoft.Web/serverfarms/plan", new JsonObject { ["location"] = "westeurope", ["sku"] = new JsonObject { ["name"] = "S1", ["tier"] = "Standard" } });
        await PutAsync(SiteId, new JsonObject { ["location"] = "westeurope", ["properties"] = new JsonObject { ["serverFarmId"] = $"{Group}/providers/Microsoft.Web/serverfarms/plan" } });
        await PutAsync($"{SiteId}/config/web", Properties(new() { ["healthCheckPath"] = "/healthz" }));
        await Source.CreateAsync();
        for (var i = 0; i < objects; i++) await Source.GetBlobClient($"old/{i:000} ö%.json").UploadAsync(BinaryData.FromString($"order {i}"));
        await PutAsync($"{SiteId}/config/appsettings", Properties(new() { ["ORDERS_URL"] = Source.Uri.AbsoluteUri, ["LEGACY_MODE"] = "yes" }));
        await UploadPackageAsync("v1");
        await UploadPackageAsync("v2");
        await PutAsync($"{SiteId}/extensions/onedeploy", Properties(new() { ["packageUri"] = PackageUrl("v1"), ["type"] = "zip" }));
        await UntilServedAsync("shop v1");
    }

    public async Task PutAsync(string path, JsonObject body)
    {
        using var response = await arm.PutAsJsonAsync(Url(path), body);
        Assert.True(response.IsSuccessStatusCode, $"PUT {path} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    public async Task PostAsync(string path)
    {
        using var response = await arm.PostAsync(Url(path), content: null);
        Assert.True(response.IsSuccessStatusCode, $"POST {path} answered {(int)response.StatusCode}");
    }

    public async Task LockAsync(string level)
    {
        using var response = await arm.PutAsJsonAsync(LockUrl, Properties(new() { ["level"] = level }));
        Assert.True(response.IsSuccessStatusCode, $"the lock answered {(int)response.StatusCode}");
    }

    public async Task UnlockAsync()
    {
        using var response = await arm.DeleteAsync(LockUrl);
        Assert.True(response.IsSuccessStatusCode, $"the lock's removal answered {(int)response.StatusCode}");
    }

    /// <summary>Every call that matches is refused, or, after its effect, not answered; until it is lifted.</summary>
    /// <param name="times">So often only.</param>
    public async Task FaultAsync(string method, string path, int? status = null, bool drop = false, bool after = false, JsonNode? body = null, int? times = null)
    {
        using var client = new HttpClient();
        var fault = new { match = new { method, path, times }, action = new { status, body, drop }, when = after ? "after" : "before" };
        using var response = await client.PostAsJsonAsync(new Uri(emulator.Addresses.Control, "faults"), fault);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task LiftFaultsAsync()
    {
        using var client = new HttpClient();
        using var response = await client.DeleteAsync(new Uri(emulator.Addresses.Control, "faults"));
        Assert.True(response.IsSuccessStatusCode);
    }

    public Task StopSlotAsync() => PostAsync($"{SiteId}/slots/v2/stop");

    public async Task ApproveAsync(string by = "ana@contoso.com", string id = "shop-v2")
    {
        var question = (await UntilAsync(id, run => run.PendingApproval is not null)).PendingApproval!;
        await Client.RaiseEventAsync(id, RunEvents.Approval, new ApprovalAnswer(question.Id, by, ApprovalAnswer.Approve, "fine", question.Digest, DateTimeOffset.UtcNow));
    }

    public async Task<int> CountAsync(BlobContainerClient container)
    {
        var count = 0;
        await foreach (var _ in container.GetBlobsAsync()) count++;
        return count;
    }

    public async Task DeleteAsync(string path)
    {
        using var response = await arm.DeleteAsync(Url(path));
        Assert.True(response.IsSuccessStatusCode, $"DELETE {path} answered {(int)response.StatusCode}");
    }

    private async Task UntilServedAsync(string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await HomeAsync() != text) await pace.WaitForNextTickAsync(limit.Token);
    }

    private async Task UploadPackageAsync(string version)
    {
        var releases = Container("shopstore", "releases");
        await releases.CreateIfNotExistsAsync(PublicAccessType.Blob);
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        await using (var entry = archive.CreateEntry("version.txt").Open())
            await entry.WriteAsync(Encoding.UTF8.GetBytes(version));
        zip.Position = 0;
        await releases.GetBlobClient($"{version}.zip").UploadAsync(zip);
    }

    private BlobContainerClient Container(string account, string name) => azurite.Stores.Container(azurite.ContainerUrl(account, $"{name}-{number}"));

    private string PackageUrl(string version) => Container("shopstore", "releases").GetBlobClient($"{version}.zip").Uri.AbsoluteUri;

    private static Uri LockUrl => new($"{SiteId}/providers/Microsoft.Authorization/locks/freeze?api-version=2016-09-01", UriKind.Relative);

    private static JsonObject Properties(JsonObject properties) => new() { ["properties"] = properties };

    private static Uri Url(string path) => new($"{path}?api-version={(path.Contains("Microsoft.Web") ? "2022-09-01" : "2021-04-01")}", UriKind.Relative);
}
