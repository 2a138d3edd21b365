using System.IO.Compression;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orchestrator.Local.Demo;
using Orchestrator.Local.Demo.Setup;
using Orchestrator.Local.Demo.World;

namespace Orchestrator.RealWorker.World;

/// <summary>A site on the emulator that runs shop v1 on its own container of orders, and the spec that moves it to v2 and to another account.</summary>
internal sealed class MovingShop(string name, Arm arm, BlobAccounts blobs, int frontPort)
{
    public const int OldOrders = 5;
    private const string Location = "westeurope";

    public string Site { get; } = $"{Arm.Group}/providers/Microsoft.Web/sites/{name}";

    public BlobContainerClient Source => blobs.Container(Azurite.Source, $"orders-{name}");

    public BlobContainerClient Target => blobs.Container(Azurite.Target, $"orders-{name}");

    public async Task OpenAsync()
    {
        var plan = $"{Arm.Group}/providers/Microsoft.Web/serverfarms/{name}-plan";
        await Source.CreateAsync();
        for (var order = 0; order < OldOrders; order++) await Source.UploadBlobAsync($"{order}.json", BinaryData.FromString($"order {order}"));
        await PublishAsync();
        await PutAsync(Arm.Group, new JsonObject { ["location"] = Location });
        await PutAsync(plan, new JsonObject { ["location"] = Location, ["sku"] = new JsonObject { ["name"] = "S1", ["tier"] = "Standard" } });
        await PutAsync(Site, new JsonObject { ["location"] = Location, ["properties"] = new JsonObject { ["serverFarmId"] = plan } });
        await PutAsync($"{Site}/config/web", Of(new() { ["healthCheckPath"] = "/healthz" }));
        await PutAsync($"{Site}/config/appsettings", Of(new() { ["ORDERS_URL"] = Source.Uri.AbsoluteUri, ["LEGACY_MODE"] = "on" }));
        await PutAsync($"{Site}/extensions/onedeploy", Of(new() { ["packageUri"] = Package("v1"), ["type"] = "zip" }));
        while (await ServedAsync() != "shop v1") await Task.Delay(20);
    }

    /// <summary>What a customer sees.</summary>
    public async Task<string> ServedAsync()
    {
        using var sites = SiteHttp.Client(frontPort);
        return await sites.GetStringAsync(new Uri($"http://{name}.azurewebsites.net/"));
    }

    public async Task OrderAsync(string id)
    {
        using var sites = SiteHttp.Client(frontPort);
        using var answer = await sites.PostAsync(new Uri($"http://{name}.azurewebsites.net/orders/{id}"), new StringContent("a teapot"));
        answer.EnsureSuccessStatusCode();
    }

    public JsonObject Spec(string id, string mode) => new()
    {
        ["id"] = id,
        ["mode"] = mode,
        ["site"] = Site,
        ["slot"] = "v2",
        ["release"] = new JsonObject
        {
            ["package"] = Package("v2"),
            ["appSettings"] = new JsonObject { ["FEATURE_CART"] = "on" },
            ["removeAppSettings"] = new JsonArray("LEGACY_MODE"),
        },
        ["data"] = new JsonArray(new JsonObject
        {
            ["kind"] = "blobContainer",
            ["name"] = "orders",
            ["source"] = Source.Uri.AbsoluteUri,
            ["target"] = Target.Uri.AbsoluteUri,
            ["setting"] = "ORDERS_URL",
            ["reverse"] = true,
        }),
        ["snapshot"] = new JsonObject { ["container"] = blobs.Url(Azurite.Own, $"snapshots-{name}").AbsoluteUri, ["retainDays"] = 1 },
        ["writePause"] = new JsonObject
        {
            ["on"] = new JsonObject { ["method"] = "POST", ["path"] = "/admin/read-only" },
            ["off"] = new JsonObject { ["method"] = "POST", ["path"] = "/admin/read-write" },
            // A machine under test may be slow; how long the pause is, is measured elsewhere.
            ["limit"] = "PT1M",
        },
        ["verify"] = new JsonObject { ["http"] = new JsonArray(new JsonObject { ["name"] = "home", ["path"] = "/", ["status"] = 200, ["contains"] = "shop v2" }) },
        ["approval"] = new JsonObject { ["approvers"] = new JsonArray(Tokens.Ben.Name), ["quorum"] = 1, ["timeout"] = "PT30M" },
        ["watch"] = new JsonObject { ["duration"] = "PT1S" },
    };

    private string Package(string version) => blobs.Container(Azurite.Source, $"releases-{name}").GetBlobClient($"{version}.zip").Uri.AbsoluteUri;

    private async Task PublishAsync()
    {
        var releases = blobs.Container(Azurite.Source, $"releases-{name}");
        await releases.CreateAsync(PublicAccessType.Blob);
        foreach (var version in new[] { "v1", "v2" })
        {
            using var zip = new MemoryStream();
            using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
            {
                await using var entry = new StreamWriter(archive.CreateEntry("version.txt").Open());
                await entry.WriteAsync(version);
            }

            zip.Position = 0;
            await releases.UploadBlobAsync($"{version}.zip", zip);
        }
    }

    private static JsonObject Of(JsonObject properties) => new() { ["properties"] = properties };

    private Task PutAsync(string path, JsonObject body) => arm.PutAsync(path, body, CancellationToken.None);
}
