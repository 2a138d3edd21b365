using System.Security.Cryptography;
using Azure;

namespace Orchestrator.Workflows.Tests.Data;

[Collection(AzuriteCollection.Name)]
public sealed class StoreProxyFaultTests(Azurite azurite)
{
    [Fact]
    public async Task A_busy_store_answers_503_and_does_nothing()
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (direct, through) = await ProxyContainers.CreateAsync(azurite, proxy, retries: 0);
        proxy.Faults = new StoreFaults { BusyShare = 1, RetryAfter = TimeSpan.FromSeconds(1) };

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => through.PutAsync("one", "1"));

        Assert.Equal((503, "ServerBusy"), (error.Status, error.ErrorCode));
        Assert.Equal("1", error.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var wait) ? wait : null);
        Assert.Empty(await direct.NamesAsync());
        var headed = await Assert.ThrowsAsync<RequestFailedException>(() => through.GetBlobClient("one").GetPropertiesAsync());
        Assert.Equal((503, "ServerBusy"), (headed.Status, headed.ErrorCode));
        Assert.Equal((2, 2), (proxy.Faults.Busy, proxy.Faults.Total));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_cut_connection_leaves_the_effect_or_not(bool after)
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (direct, through) = await ProxyContainers.CreateAsync(azurite, proxy, retries: 0);
        proxy.Faults = after ? new StoreFaults { CutAfterShare = 1 } : new StoreFaults { CutBeforeShare = 1 };

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => through.PutAsync("one", "1"));

        Assert.Equal(0, error.Status);
        Assert.Equal(after ? 1 : 0, (await direct.NamesAsync()).Count);
        Assert.Equal(after ? (0, 1) : (1, 0), (proxy.Faults.CutBefore, proxy.Faults.CutAfter));
    }

    [Theory, InlineData(1), InlineData(1000), InlineData(500_000)]
    public async Task A_body_is_cut_in_its_middle(int size)
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (direct, through) = await ProxyContainers.CreateAsync(azurite, proxy, retries: 0);
        await direct.PutAsync("one", new byte[size]);
        proxy.Faults = new StoreFaults { CutBodyShare = 1 };

        using var client = new HttpClient();
        using var answer = await client.GetAsync(through.Readable("one"), HttpCompletionOption.ResponseHeadersRead);
        using var received = new MemoryStream();
        await using var body = await answer.Content.ReadAsStreamAsync();
        await Assert.ThrowsAsync<HttpIOException>(() => body.CopyToAsync(received));
        await Assert.ThrowsAsync<HttpIOException>(() => through.NamesAsync());
        await through.PutAsync("two", "2");

        Assert.Equal((size, size / 2), (answer.Content.Headers.ContentLength, received.Length));
        Assert.Equal((2, 2), (proxy.Faults.CutBody, proxy.Faults.Total));
    }

    [Fact]
    public async Task A_client_reads_on_where_a_body_was_cut()
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (direct, through) = await ProxyContainers.CreateAsync(azurite, proxy, retries: 5);
        var content = RandomNumberGenerator.GetBytes(1_000_000);
        await direct.PutAsync("one", content);
        proxy.Faults = new StoreFaults(seed: 3) { CutBodyShare = 0.5 };

        for (var i = 0; i < 5; i++) Assert.Equal(content, (await through.GetBlobClient("one").DownloadContentAsync()).Value.Content.ToArray());

        Assert.InRange(proxy.Faults.CutBody, 1, 20);
        Assert.Equal(5 + proxy.Faults.CutBody, proxy.Counters[StoreOperation.GetBlob]);
    }

    [Fact]
    public async Task A_client_that_tries_again_gets_through_a_quarter_of_faults()
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (direct, through) = await ProxyContainers.CreateAsync(azurite, proxy, retries: 20);
        proxy.Faults = StoreFaults.All(seed: 7, share: 0.0625);

        for (var i = 0; i < 100; i++) await through.PutAsync($"{i:D3}", $"content of {i}");
        for (var i = 0; i < 100; i++) Assert.Equal($"content of {i}", await through.GetAsync($"{i:D3}"));

        var faults = proxy.Faults;
        Assert.Equal(100, (await direct.NamesAsync()).Count);
        Assert.All([faults.Busy, faults.CutBefore, faults.CutAfter, faults.CutBody], count => Assert.InRange(count, 3, 40));
        Assert.InRange(proxy.Counters.Retries, faults.Total - faults.CutBody, faults.Total);
    }

    [Fact]
    public async Task The_same_seed_draws_the_same_faults()
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (_, through) = await ProxyContainers.CreateAsync(azurite, proxy, retries: 0);

        var first = await DrawAsync(5);
        var second = await DrawAsync(5);
        var other = await DrawAsync(6);

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);

        async Task<string> DrawAsync(int seed)
        {
            proxy.Faults = new StoreFaults(seed) { BusyShare = 0.5 };
            var drawn = "";
            for (var i = 0; i < 40; i++) drawn += await SucceedsAsync(() => through.ExistsAsync()) ? '.' : 'x';
            return drawn;
        }
    }

    [Theory]
    [InlineData(507, "InsufficientStorage"), InlineData(409, "AccountIsDisabled"), InlineData(403, "AuthorizationFailure")]
    [InlineData(413, "RequestBodyTooLarge"), InlineData(429, "TooManyRequests")]
    public async Task Chosen_requests_fail_as_often_as_wanted(int status, string code)
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var (direct, through) = await ProxyContainers.CreateAsync(azurite, proxy, retries: 0);
        var rule = proxy.Faults.Fail(request => request.Operation == StoreOperation.PutBlob && request.Name.Contains('ü'), status, code, times: 2);

        await through.PutAsync("other", "1");
        var first = await Assert.ThrowsAsync<RequestFailedException>(() => through.PutAsync("für/x", "1"));
        var second = await Assert.ThrowsAsync<RequestFailedException>(() => through.PutAsync("für/y", "1"));
        await through.PutAsync("für/z", "1");

        Assert.All([first, second], error => Assert.Equal((status, code), (error.Status, error.ErrorCode)));
        Assert.Equal(["für/z", "other"], await direct.NamesAsync());
        Assert.Equal(2, rule.Hits);
    }

    private static async Task<bool> SucceedsAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (RequestFailedException)
        {
            return false;
        }
    }
}
