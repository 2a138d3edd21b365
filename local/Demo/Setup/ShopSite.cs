using System.Text.Json.Nodes;
using Azure.Storage.Blobs.Models;
using Orchestrator.Local.Demo.Building;
using Orchestrator.Local.Demo.World;

namespace Orchestrator.Local.Demo.Setup;

/// <summary>Sets up what the migration finds: a resource group, two storage accounts, and a site that runs shop v1.</summary>
internal sealed class ShopSite(Arm arm, BlobAccounts blobs, Repository repository, ShopNames names)
{
    private const string Location = "westeurope";

    public Uri V2Package => blobs.Container(Azurite.Source, "releases").GetBlobClient("shop-v2.zip").Uri;

    public async Task PublishPackagesAsync(CancellationToken cancellationToken)
    {
        var releases = blobs.Container(Azurite.Source, "releases");
        await releases.CreateAsync(PublicAccessType.Blob, cancellationToken: cancellationToken);
        foreach (var version in new[] { "v1", "v2" })
        {
            await releases.GetBlobClient($"shop-{version}.zip").UploadAsync(repository.ShopPackage(version), cancellationToken);
        }
    }

    /// <summary>Returns the media, once they are uploaded and customers are served by v1.</summary>
    public async Task<IReadOnlyList<StoredMedia>> OpenAsync(IReadOnlyList<MediaFile> files, HttpClient sites, CancellationToken cancellationToken)
    {
        var upload = MediaUpload.RunAsync(blobs.Container(Azurite.Source, names.Media), files, cancellationToken);
        await CreateAsync(cancellationToken);
        var media = await upload;
        await WaitServedAsync(sites, cancellationToken);
        return media;
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        await blobs.Container(Azurite.Source, names.Orders).CreateAsync(cancellationToken: cancellationToken);
        await arm.PutAsync(Arm.Group, new JsonObject { ["location"] = Location }, cancellationToken);
        foreach (var account in new[] { Azurite.Source, Azurite.Target })
        {
            await arm.PutAsync($"{Arm.Group}/providers/Microsoft.Storage/storageAccounts/{account}", new JsonObject
            {
                ["location"] = Location,
                ["kind"] = "StorageV2",
                ["sku"] = new JsonObject { ["name"] = "Standard_LRS" },
            }, cancellationToken);
        }

        var plan = $"{Arm.Group}/providers/Microsoft.Web/serverfarms/shop-plan";
        await arm.PutAsync(plan, new JsonObject
        {
            ["location"] = Location,
            ["sku"] = new JsonObject { ["name"] = "S1", ["tier"] = "Standard", ["capacity"] = 1 },
        }, cancellationToken);
        await arm.PutAsync(names.Site, new JsonObject
        {
            ["location"] = Location,
            ["properties"] = new JsonObject { ["serverFarmId"] = plan, ["httpsOnly"] = false },
        }, cancellationToken);
        await arm.PutAsync($"{names.Site}/config/appsettings", new JsonObject { ["properties"] = Settings() }, cancellationToken);
        await arm.PutAsync($"{names.Site}/extensions/onedeploy", new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["packageUri"] = blobs.Container(Azurite.Source, "releases").GetBlobClient("shop-v1.zip").Uri.ToString(),
                ["type"] = "zip",
            },
        }, cancellationToken);
    }

    private async Task WaitServedAsync(HttpClient sites, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (await ServedVersionAsync(sites, names.Host, limit.Token) != "v1")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
        }
    }

    /// <summary>The version on the home page; null when there is no such page.</summary>
    public static async Task<string?> ServedVersionAsync(HttpClient sites, string host, CancellationToken cancellationToken)
    {
        using var answer = await sites.GetAsync(new Uri($"http://{host}/"), cancellationToken);
        var page = await answer.Content.ReadAsStringAsync(cancellationToken);
        return !answer.IsSuccessStatusCode ? null
            : page.Contains("Shop v2", StringComparison.Ordinal) ? "v2"
            : page.Contains("Shop v1", StringComparison.Ordinal) ? "v1"
            : null;
    }

    private JsonObject Settings() => new()
    {
        ["ORDERS_URL"] = blobs.Url(Azurite.Source, names.Orders).ToString(),
        ["MEDIA_URL"] = blobs.Url(Azurite.Source, names.Media).ToString(),
        ["STORAGE_KEY_SHOPSTORE"] = blobs.Keys[Azurite.Source],
        ["STORAGE_KEY_SHOPSTORE2"] = blobs.Keys[Azurite.Target],
        ["LEGACY_MODE"] = "on",
    };
}
