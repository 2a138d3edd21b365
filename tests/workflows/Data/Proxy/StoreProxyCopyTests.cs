using System.Security.Cryptography;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Copies of the store itself, between two accounts on two hosts.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class StoreProxyCopyTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly ETag Wrong = new("\"0x8D0000000000000\"");
    private StoreProxy _near = null!;
    private StoreProxy _far = null!;
    private BlobContainerClient _source = null!;
    private BlobContainerClient _target = null!;

    public async Task InitializeAsync()
    {
        (_near, _far) = (await StoreProxy.StartAsync(azurite), await StoreProxy.StartAsync(azurite));
        (_, _source) = await ProxyContainers.CreateAsync(azurite, _near, "shopstore", retries: 0);
        (_, _target) = await ProxyContainers.CreateAsync(azurite, _far, "shopstore2", retries: 0);
    }

    public async Task DisposeAsync()
    {
        await _near.DisposeAsync();
        await _far.DisposeAsync();
    }

    [Fact]
    public async Task A_copy_between_hosts_moves_no_bytes_through_the_client()
    {
        await _source.PutAsync("ü a//b+c", new byte[10_000]);
        _near.Counters.Reset();

        await _target.GetBlobClient("copy").SyncCopyFromUriAsync(
            _source.Readable("ü a//b+c"), new BlobCopyFromUriOptions { Metadata = new Dictionary<string, string> { ["Colour"] = "blue" } });

        Assert.Equal(10_000, (await _target.GetBlobClient("copy").GetPropertiesAsync()).Value.ContentLength);
        Assert.Equal((0, 0, 0), (_far.Counters.BytesUp, _far.Counters.BytesDown, _near.Counters.Requests));
        Assert.Equal(1, _far.Counters[StoreOperation.CopyBlobFromUrl]);
    }

    [Fact]
    public async Task A_wrong_key_stays_wrong_where_the_proxy_changes_the_request()
    {
        await _source.PutAsync("one", "1");
        var stranger = new BlobClient(_target.GetBlobClient("copy").Uri, new StorageSharedKeyCredential("shopstore2", Convert.ToBase64String("another"u8)));

        var error = await Assert.ThrowsAsync<RequestFailedException>(() => stranger.SyncCopyFromUriAsync(_source.Readable("one")));

        Assert.Equal((403, "AuthorizationFailure"), (error.Status, error.ErrorCode));
    }

    [Fact]
    public async Task Sources_in_other_accounts_can_be_out_of_reach()
    {
        await _source.PutAsync("one", "1");
        await _target.PutAsync("own", "1");
        _far.Abilities.ForeignCopySources = false;
        _far.Abilities.ContentFromUrl = true;

        var copied = await Assert.ThrowsAsync<RequestFailedException>(() => _target.GetBlobClient("copy").SyncCopyFromUriAsync(_source.Readable("one")));
        var staged = await Assert.ThrowsAsync<RequestFailedException>(() => StageAsync("copy", _source.Readable("one")));
        await _target.GetBlobClient("copy").SyncCopyFromUriAsync(_target.GetBlobClient("own").Uri);
        await StageAsync("copy", _target.Readable("own"));

        Assert.All([copied, staged], error => Assert.Equal((404, "CannotVerifyCopySource"), (error.Status, error.ErrorCode)));
    }

    [Fact]
    public async Task Without_the_ability_Azurites_answer_passes()
    {
        await _source.PutAsync("one", "1");

        Assert.Equal(501, (await Assert.ThrowsAsync<RequestFailedException>(() => StageAsync("copy", _source.Readable("one")))).Status);
    }

    [Fact]
    public async Task A_blob_is_put_together_from_ranges_of_its_source()
    {
        _far.Abilities.ContentFromUrl = true;
        var content = RandomNumberGenerator.GetBytes(3000);
        await _source.PutAsync("one", content);
        var etag = (await _source.GetBlobClient("one").GetPropertiesAsync()).Value.ETag;
        var blob = _target.GetBlockBlobClient("copy");
        _near.Counters.Reset();

        string[] ids = ["AAAA", "AAAB", "AAAC"];
        foreach (var (index, id) in ids.Index())
        {
            var options = new StageBlockFromUriOptions { SourceRange = new(index * 1000, 1000), SourceConditions = new() { IfMatch = etag } };
            var staged = await blob.StageBlockFromUriAsync(_source.Readable("one"), id, options);
            Assert.Equal(201, staged.GetRawResponse().Status);
        }

        await blob.CommitBlockListAsync(ids);
        Assert.Equal((3, 3000, 0), (_far.Counters[StoreOperation.PutBlockFromUrl], _far.Counters.BytesFromUrl, _near.Counters.Requests));
        Assert.Equal(content, (await blob.DownloadContentAsync()).Value.Content.ToArray());
    }

    [Fact]
    public async Task A_block_is_refused_where_its_source_is_another_or_not_to_be_read()
    {
        _far.Abilities.ContentFromUrl = true;
        await _source.PutAsync("one", "1");
        var readable = _source.Readable("one");

        await RefusedAsync(412, "SourceConditionNotMet", readable, new() { SourceConditions = new() { IfMatch = Wrong } });
        await RefusedAsync(403, "CannotVerifyCopySource", _source.GetBlobClient("one").Uri, new());
        await RefusedAsync(403, "CannotVerifyCopySource", new Uri(readable.ToString().Replace("sig=", "sig=A")), new());
        await RefusedAsync(404, "CannotVerifyCopySource", _source.Readable("nothing"), new());
        await RefusedAsync(404, "CannotVerifyCopySource", new Uri("http://127.0.0.1:1/shopstore/x/y"), new());
        await RefusedAsync(416, "InvalidRange", readable, new() { SourceRange = new(100, 10) });
        await RefusedAsync(400, "Md5Mismatch", readable, new() { SourceContentHash = MD5.HashData("2"u8) });
        await StageAsync("copy", _source.GetBlobClient("one").Uri, new() { SourceAuthentication = new HttpAuthorization("Bearer", "token") });
        await StageAsync("copy", readable, new() { SourceContentHash = MD5.HashData("1"u8) });
    }

    [Fact]
    public async Task A_blob_put_from_a_url_has_its_sources_headers_and_metadata()
    {
        _far.Abilities.ContentFromUrl = true;
        var headers = new BlobHttpHeaders
        {
            ContentType = "text/html", ContentEncoding = "br", ContentLanguage = "de", ContentDisposition = "inline", CacheControl = "no-cache",
        };
        await _source.PutAsync("one", [1, 2, 3], headers, new Dictionary<string, string> { ["Colour"] = "blue" });
        await _source.PutAsync("empty", []);

        await _target.GetBlockBlobClient("one").SyncUploadFromUriAsync(_source.Readable("one"));
        await _target.GetBlockBlobClient("empty").SyncUploadFromUriAsync(_source.Readable("empty"));

        Assert.Equal(await ContainerContent.ReadAsync(_source), await ContainerContent.ReadAsync(_target));
    }

    [Fact]
    public async Task Append_and_page_blobs_take_content_from_a_url()
    {
        _far.Abilities.ContentFromUrl = true;
        await _source.PutAsync("one", new byte[512]);
        var (append, page) = (_target.GetAppendBlobClient("append"), _target.GetPageBlobClient("page"));
        await append.CreateAsync();
        await page.CreateAsync(1024);

        await append.AppendBlockFromUriAsync(_source.Readable("one"), new() { SourceRange = new(0, 100) });
        await page.UploadPagesFromUriAsync(_source.Readable("one"), new(0, 512), new(512, 512));

        Assert.Equal(100, (await append.GetPropertiesAsync()).Value.ContentLength);
        Assert.Equal([new HttpRange(512, 512)], (await page.GetPageRangesAsync()).Value.PageRanges);
    }

    [Fact]
    public async Task A_copy_at_once_can_be_held_to_Azures_limits()
    {
        await _source.PutAsync("fits", new byte[100]);
        await _source.PutAsync("large", new byte[101]);
        await _source.GetAppendBlobClient("append").CreateAsync();
        await _target.PutAsync("own", "1");
        await CopyAsync(_target.GetBlobClient("own").Uri);

        _far.Abilities.MaxCopyFromUrlBytes = 100;

        await CopyAsync(_source.Readable("fits"));
        Uri[] refused = [_source.Readable("large"), _source.Readable("append"), _target.GetBlobClient("own").Uri];
        var statuses = new List<int>();
        foreach (var source in refused)
        {
            var error = await Assert.ThrowsAsync<RequestFailedException>(() => CopyAsync(source));
            Assert.Equal("CannotVerifyCopySource", error.ErrorCode);
            statuses.Add(error.Status);
        }

        Assert.Equal([409, 409, 404], statuses);
        await _target.GetBlobClient("copy").StartCopyFromUriAsync(_source.Readable("large"));

        Task CopyAsync(Uri source) => _target.GetBlobClient("copy").SyncCopyFromUriAsync(source);
    }

    [Fact]
    public async Task A_copy_stays_pending_for_as_many_looks_as_wanted()
    {
        _far.Abilities.CopyPendingHeads = 2;
        await _source.PutAsync("one", "1");
        var blob = _target.GetBlobClient("copy");

        var copy = await blob.StartCopyFromUriAsync(_source.Readable("one"));
        var refused = await Assert.ThrowsAsync<RequestFailedException>(() => _target.PutAsync("copy", "2"));
        CopyStatus?[] seen = [await StatusAsync(), await StatusAsync(), await StatusAsync()];

        Assert.Equal([CopyStatus.Pending, CopyStatus.Pending, CopyStatus.Success], seen);
        Assert.Equal((409, "PendingCopyOperation"), (refused.Status, refused.ErrorCode));
        Assert.Equal(1, (await copy.WaitForCompletionAsync()).Value);
        await _target.PutAsync("copy", "2");

        async Task<CopyStatus?> StatusAsync() => (await blob.GetPropertiesAsync()).Value.CopyStatus;
    }

    private Task StageAsync(string name, Uri source, StageBlockFromUriOptions? options = null) =>
        _target.GetBlockBlobClient(name).StageBlockFromUriAsync(source, "AAAA", options ?? new());

    private async Task RefusedAsync(int status, string code, Uri source, StageBlockFromUriOptions options)
    {
        var error = await Assert.ThrowsAsync<RequestFailedException>(() => StageAsync("copy", source, options));
        Assert.Equal((status, code), (error.Status, error.ErrorCode));
    }
}
