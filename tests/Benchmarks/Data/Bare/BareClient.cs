using System.Net;
using System.Text;

namespace Orchestrator.Benchmarks.Data.Bare;

/// <summary>The requests that copying takes and nothing else: no conditions, no retries, no hashes, nothing read that is not needed.</summary>
internal sealed class BareClient(string key) : IDisposable
{
    private readonly HttpClient _http = new(new SharedKeyHandler(key)) { Timeout = TimeSpan.FromMinutes(2) };

    public void Dispose() => _http.Dispose();

    public Task CreateContainerAsync(string container) => SendAsync(HttpMethod.Put, $"{container}?restype=container", Nothing());

    public Task DeleteContainerAsync(string container) => SendAsync(HttpMethod.Delete, $"{container}?restype=container", content: null);

    /// <summary>The bytes from <paramref name="offset"/> on, as many as there is room for.</summary>
    public async Task GetAsync(string blob, long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, blob);
        if (into.Length > 0) request.Headers.Add("x-ms-range", $"bytes={offset}-{offset + into.Length - 1}");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        await content.ReadExactlyAsync(into, cancellationToken);
    }

    public Task PutAsync(string blob, ReadOnlyMemory<byte> content) => SendAsync(HttpMethod.Put, blob, new ReadOnlyMemoryContent(content), "BlockBlob");

    public Task PutBlockAsync(string blob, int index, ReadOnlyMemory<byte> content) =>
        SendAsync(HttpMethod.Put, $"{blob}?comp=block&blockid={Uri.EscapeDataString(BlockId(index))}", new ReadOnlyMemoryContent(content));

    public Task PutBlockListAsync(string blob, IEnumerable<int> blocks) =>
        SendAsync(HttpMethod.Put, $"{blob}?comp=blocklist", new ByteArrayContent(Encoding.UTF8.GetBytes(
            $"<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{string.Concat(blocks.Select(block => $"<Latest>{BlockId(block)}</Latest>"))}</BlockList>")));

    /// <summary>Reads a listing to its end, page by page, and throws it away.</summary>
    public async Task ListAsync(string container)
    {
        var query = "";
        while (true)
        {
            var page = await _http.GetStringAsync($"{container}?restype=container&comp=list&include=metadata{query}");
            if (NextMarker(page) is not { } marker) return;
            query = $"&marker={Uri.EscapeDataString(marker)}";
        }
    }

    private static string? NextMarker(string page)
    {
        const string Open = "<NextMarker>";
        var start = page.LastIndexOf(Open, StringComparison.Ordinal);
        var marker = start < 0 ? "" : WebUtility.HtmlDecode(page[(start + Open.Length)..page.IndexOf('<', start + Open.Length)]);
        return marker.Length == 0 ? null : marker;
    }

    private async Task SendAsync(HttpMethod method, string url, HttpContent? content, string? blobType = null)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        if (blobType is not null) request.Headers.Add("x-ms-blob-type", blobType);
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    private static ByteArrayContent Nothing() => new([]);

    private static string BlockId(int index) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"{index:D8}"));
}
