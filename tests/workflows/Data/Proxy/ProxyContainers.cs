using Azure.Core;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>What the proxy's own tests work on.</summary>
internal static class ProxyContainers
{
    /// <summary>One new container, seen from Azurite and through the proxy.</summary>
    /// <param name="retries">Of a client through the proxy that waits hardly between them; null: the product's client.</param>
    public static async Task<(BlobContainerClient Direct, BlobContainerClient Through)> CreateAsync(
        Azurite azurite, StoreProxy proxy, string account = "shopstore", int? retries = null)
    {
        var direct = await azurite.CreateContainerAsync(account);
        var url = proxy.ContainerUrl(account, direct.Name);
        if (retries is not { } max) return (direct, proxy.Stores.Container(url));

        var options = new BlobClientOptions { Retry = { Mode = RetryMode.Fixed, MaxRetries = max, Delay = TimeSpan.FromMilliseconds(1) } };
        return (direct, new BlobContainerClient(new Uri(url), new StorageSharedKeyCredential(account, proxy.Options.BlobAccounts[0].Key), options));
    }

    /// <summary>The blob's URL, with a SAS of its container that allows to read.</summary>
    public static Uri Readable(this BlobContainerClient container, string name) =>
        new(container.GetBlobClient(name).Uri + container.GenerateSasUri(BlobContainerSasPermissions.Read, DateTimeOffset.UtcNow.AddHours(1)).Query);
}
