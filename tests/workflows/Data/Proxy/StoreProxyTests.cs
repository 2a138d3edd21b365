using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace Orchestrator.Workflows.Tests.Data;

[Collection(AzuriteCollection.Name)]
public sealed class StoreProxyTests(Azurite azurite)
{
    [Fact]
    public async Task Everything_passes_as_it_is()
    {
        string[] names =
        [
            "a b", "100%", "50%25", "%2e", "ünï/cödé 日本.txt", "trail./x.", "a//b", "q?x=1&y#z", "plus+plus", "~'*", new string('x', 1024),
        ];
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (direct, through) = await ContainersAsync(proxy);
        var headers = new BlobHttpHeaders
        {
            ContentType = "text/html", ContentEncoding = "br", ContentLanguage = "de", ContentDisposition = "inline", CacheControl = "no-cache",
        };

        var metadata = new Dictionary<string, string> { ["Colour"] = "blue" };
        foreach (var name in names) await through.PutAsync(name, RandomNumberGenerator.GetBytes(200_000), headers, metadata);
        await through.PutInBlocksAsync("in blocks", [1, 2, 3]);
        await through.GetBlobClient("a b").CreateSnapshotAsync();

        Assert.Equal(await ContainerContent.ReadAsync(direct), await ContainerContent.ReadAsync(through));
        Assert.Equal(names.Length + 1, (await through.NamesAsync()).Count);
        var missing = await Assert.ThrowsAsync<RequestFailedException>(() => through.GetBlobClient("nothing").DownloadContentAsync());
        Assert.Equal((404, "BlobNotFound"), (missing.Status, missing.ErrorCode));
    }

    [Fact]
    public async Task A_path_stays_as_the_client_wrote_it()
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (direct, through) = await ProxyContainers.CreateAsync(azurite, proxy);
        var uri = through.GenerateSasUri(BlobContainerSasPermissions.Write, DateTimeOffset.UtcNow.AddHours(1));
        using var client = new HttpClient();
        using var put = new HttpRequestMessage(HttpMethod.Put, new Uri($"{through.Uri}/a/./%62{uri.Query}", StoreProxy.AsItIs));
        put.Content = new ByteArrayContent([1]);
        put.Headers.Add("x-ms-blob-type", "BlockBlob");
        string? seen = null;
        proxy.Before = request => Task.FromResult(seen = request.Name);

        using var answer = await client.SendAsync(put);

        Assert.Equal(201, (int)answer.StatusCode);
        Assert.Equal("a/./b", seen);
        Assert.Equal(["a/./b"], await direct.NamesAsync());
    }

    [Fact]
    public async Task Requests_and_bytes_are_counted()
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (_, through) = await ContainersAsync(proxy);
        await through.PutAsync("one", new byte[300_000]);
        await through.PutInBlocksAsync("two", new byte[1000]);
        await through.GetBlobClient("one").DownloadContentAsync();
        await through.GetBlobClient("one").GetPropertiesAsync();
        await through.GetBlobClient("one").DeleteAsync();

        var counters = proxy.Counters;

        Assert.Equal((1, 1, 1), (counters[StoreOperation.PutBlob], counters[StoreOperation.PutBlock], counters[StoreOperation.PutBlockList]));
        Assert.Equal((1, 1, 1), (counters[StoreOperation.GetBlob], counters[StoreOperation.HeadBlob], counters[StoreOperation.DeleteBlob]));
        Assert.InRange(counters.BytesUp, 301_000, 302_000);
        Assert.Equal((300_000, 6, 0), (counters.BytesDown, counters.Requests, counters.Retries));
        counters.Reset();
        await through.NamesAsync();
        Assert.Equal((1, 1), (counters[StoreOperation.ListBlobs], counters.Requests));
    }

    [Fact]
    public async Task Requests_beyond_the_limit_are_refused_and_the_most_at_once_is_seen()
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (_, through) = await ContainersAsync(proxy, retries: 0);
        await through.PutAsync("one", "1");
        var gate = new TaskCompletionSource();
        proxy.Throttle.Limit = 3;
        proxy.Before = _ => gate.Task;

        var held = Enumerable.Range(0, 3).Select(_ => through.GetAsync("one")).ToList();
        await WaitUntilAsync(() => proxy.Throttle.MaxUnderWay == 3);
        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => through.GetAsync("one"));
        gate.SetResult();
        await Task.WhenAll(held);

        Assert.Equal((503, "ServerBusy"), (refused.Status, refused.ErrorCode));
        Assert.Equal((4, 1), (proxy.Throttle.TakeMaxUnderWay(), proxy.Throttle.Refusals));
        for (var i = 0; i < 50; i++) await through.GetAsync("one");
        Assert.Equal((1, 1), (proxy.Throttle.TakeMaxUnderWay(), proxy.Throttle.Refusals));
    }

    [Fact]
    public async Task Two_proxies_are_two_hosts()
    {
        await using var one = await StoreProxy.StartAsync(azurite);
        await using var other = await StoreProxy.StartAsync(azurite);
        var (direct, through) = await ContainersAsync(one);

        await through.PutAsync("one", "1");

        Assert.NotEqual(one.Address, other.Address);
        Assert.Equal("1", await other.Stores.Container(other.ContainerUrl("shopstore", direct.Name)).GetAsync("one"));
        Assert.Equal((1, 1), (one.Counters.Requests, other.Counters.Requests));
    }

    [Theory, InlineData(TagSupport.Forbidden, 403, "AuthorizationPermissionMismatch"), InlineData(TagSupport.Unsupported, 400, "InvalidQueryParameterValue")]
    public async Task A_store_without_tags_refuses_what_reads_them_and_nothing_else(TagSupport tags, int status, string code)
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (_, through) = await ContainersAsync(proxy);
        await through.PutAsync("one", "1");
        var blob = through.GetBlobClient("one");
        await blob.SetTagsAsync(new Dictionary<string, string> { ["a"] = "b" });
        await foreach (var item in through.GetBlobsAsync(BlobTraits.Tags)) Assert.Equal("b", item.Tags["a"]);

        proxy.Abilities.Tags = tags;

        var listed = await Assert.ThrowsAsync<RequestFailedException>(async () => await through.GetBlobsAsync(BlobTraits.Tags).AsPages().FirstAsync());
        var asked = await Assert.ThrowsAsync<RequestFailedException>(() => blob.GetTagsAsync());
        Assert.All([listed, asked], error => Assert.Equal((status, code), (error.Status, error.ErrorCode)));
        var written = new BlobUploadOptions { Tags = new Dictionary<string, string> { ["a"] = "c" } };
        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => blob.UploadAsync(BinaryData.FromString("2"), written));
        Assert.Equal(tags == TagSupport.Forbidden ? 403 : 409, refused.Status);
        Assert.Equal(tags == TagSupport.Unsupported, asked.Message.Contains("QueryParameterName: comp", StringComparison.Ordinal));
        Assert.Equal(tags == TagSupport.Unsupported, listed.Message.Contains("QueryParameterName: include", StringComparison.Ordinal));
        await foreach (var item in through.GetBlobsAsync(BlobTraits.Metadata)) Assert.Equal(1, item.Properties.TagCount);
    }

    private static async Task WaitUntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds()) await Task.Delay(5, limit.Token);
    }

    private async Task<(BlobContainerClient Direct, BlobContainerClient Through)> ContainersAsync(StoreProxy proxy, int? retries = null) =>
        await ProxyContainers.CreateAsync(azurite, proxy, retries: retries);
}
