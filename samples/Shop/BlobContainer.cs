using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Shop;

/// <summary>A blob container, and how a request for one of its blobs is addressed and signed (Shared Key).</summary>
internal sealed record BlobContainer(Uri Url, string Account, byte[]? Key)
{
    private const string ApiVersion = "2021-12-02";

    /// <summary>The first label of a host in Azure; the first part of the path where the host is an address, as with Azurite.</summary>
    public static string AccountOf(Uri url) =>
        url.HostNameType == UriHostNameType.Dns && url.Host.Contains(".blob.", StringComparison.Ordinal)
            ? url.Host[..url.Host.IndexOf('.', StringComparison.Ordinal)]
            : url.Segments.ElementAtOrDefault(1)?.Trim('/') ?? "";

    public HttpRequestMessage Request(HttpMethod method, string blob, HttpContent? content = null)
    {
        var path = string.Join('/', blob.Split('/').Select(Uri.EscapeDataString));
        var request = new HttpRequestMessage(method, $"{Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{path}") { Content = content };
        request.Headers.Add("x-ms-version", ApiVersion);
        if (content is not null)
        {
            request.Headers.Add("x-ms-blob-type", "BlockBlob");
        }

        return request;
    }

    /// <summary>Signs last, when every other header stands.</summary>
    public void Sign(HttpRequestMessage request, DateTimeOffset now)
    {
        request.Headers.Remove("x-ms-date");
        request.Headers.Add("x-ms-date", now.ToString("R"));
        if (Key is null)
        {
            return;
        }

        var text = StringToSign(request);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(text)));
        request.Headers.Authorization = new AuthenticationHeaderValue("SharedKey", $"{Account}:{signature}");
    }

    private string StringToSign(HttpRequestMessage request)
    {
        var length = request.Content?.Headers.ContentLength is > 0 and var bytes ? bytes.ToString() : "";
        var type = request.Content?.Headers.ContentType?.ToString() ?? "";
        string Header(string name) => request.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
        var canonicalHeaders = request.Headers
            .Where(header => header.Key.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            .OrderBy(header => header.Key, StringComparer.Ordinal)
            .Select(header => $"{header.Key.ToLowerInvariant()}:{string.Join(',', header.Value)}\n");

        // Verb, encoding, language, length, MD5, type, date (empty: x-ms-date counts), the four conditions, range.
        return $"{request.Method}\n\n\n{length}\n\n{type}\n\n{Header("If-Modified-Since")}\n{Header("If-Match")}\n{Header("If-None-Match")}\n"
            + $"{Header("If-Unmodified-Since")}\n{Header("Range")}\n{string.Concat(canonicalHeaders)}/{Account}{request.RequestUri!.AbsolutePath}";
    }
}
