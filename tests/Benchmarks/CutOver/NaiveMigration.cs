using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orchestrator.Local.Demo.Migration;
using Orchestrator.Local.Demo.Setup;
using Orchestrator.Local.Demo.World;

namespace Orchestrator.Benchmarks.CutOver;

/// <summary>What a script does: copies the data, builds the new version up beside it in a slot, and swaps. No pause, no second look.</summary>
internal sealed class NaiveMigration(BlobAccounts blobs, Arm arm, HttpClient sites, ShopNames names, Uri package)
{
    private const int Parallel = 16;
    private static readonly TimeSpan WarmUpLimit = TimeSpan.FromMinutes(1);

    public async Task<Run> RunAsync(CancellationToken cancellationToken)
    {
        await CopyAsync(names.Media, cancellationToken);
        await CopyAsync(names.Orders, cancellationToken);
        await DeployAsync(cancellationToken);
        await arm.PostAsync(
            $"{names.Site}/slots/{ShopSpec.Slot}/slotsswap", new JsonObject { ["targetSlot"] = "production", ["preserveVnet"] = true }, cancellationToken);
        return new Run { Id = names.Run, Status = "succeeded", Figures = new Figures(WritePauseMs: 0, ObjectsCopied: null) };
    }

    private async Task CopyAsync(string container, CancellationToken cancellationToken)
    {
        var (source, target) = (blobs.Container(Azurite.Source, container), blobs.Container(Azurite.Target, container));
        await target.CreateAsync(cancellationToken: cancellationToken);
        await System.Threading.Tasks.Parallel.ForEachAsync(
            source.GetBlobsAsync(cancellationToken: cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (blob, token) => await CopyAsync(source.GetBlobClient(blob.Name), target.GetBlobClient(blob.Name), token));
    }

    private static async Task CopyAsync(BlobClient source, BlobClient target, CancellationToken cancellationToken)
    {
        var read = await source.DownloadContentAsync(cancellationToken);
        var details = read.Value.Details;
        await target.UploadAsync(read.Value.Content, new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = details.ContentType, ContentHash = details.ContentHash },
            Metadata = details.Metadata,
        }, cancellationToken);
    }

    private async Task DeployAsync(CancellationToken cancellationToken)
    {
        var slot = $"{names.Site}/slots/{ShopSpec.Slot}";
        var site = await arm.GetAsync(names.Site, cancellationToken);
        await arm.PutAsync(slot, new JsonObject
        {
            ["location"] = site!["location"]!.GetValue<string>(),
            ["properties"] = new JsonObject { ["serverFarmId"] = site["properties"]!["serverFarmId"]!.GetValue<string>(), ["httpsOnly"] = false },
        }, cancellationToken);
        var settings = (await arm.SettingsAsync(names.Site, cancellationToken)).ToDictionary();
        settings["MEDIA_URL"] = blobs.Url(Azurite.Target, names.Media).ToString();
        settings["ORDERS_URL"] = blobs.Url(Azurite.Target, names.Orders).ToString();
        settings["FEATURE_CART"] = "on";
        settings.Remove("LEGACY_MODE");
        var properties = new JsonObject(settings.Select(setting => KeyValuePair.Create(setting.Key, (JsonNode?)setting.Value)));
        await arm.PutAsync($"{slot}/config/appsettings", new JsonObject { ["properties"] = properties }, cancellationToken);
        await arm.PutAsync($"{slot}/extensions/onedeploy", new JsonObject
        {
            ["properties"] = new JsonObject { ["packageUri"] = package.ToString(), ["type"] = "zip" },
        }, cancellationToken);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(WarmUpLimit);
        while (await ShopSite.ServedVersionAsync(sites, names.SlotHost, limit.Token) != "v2") await Task.Delay(TimeSpan.FromMilliseconds(200), limit.Token);
    }
}
