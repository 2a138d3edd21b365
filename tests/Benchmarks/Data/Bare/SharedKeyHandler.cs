using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Benchmarks.Data.Bare;

/// <summary>Signs each request with the key of the account that its path begins with, as the product's requests are signed.</summary>
internal sealed class SharedKeyHandler(string key) : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly byte[] _key = Convert.FromBase64String(key);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Add("x-ms-date", DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture));
        request.Headers.Add("x-ms-version", "2023-01-03");
        var account = request.RequestUri!.Segments[1].Trim('/');
        var signature = Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(ToSign(request, account))));
        request.Headers.TryAddWithoutValidation("Authorization", $"SharedKey {account}:{signature}");
        return base.SendAsync(request, cancellationToken);
    }

    private static string ToSign(HttpRequestMessage request, string account)
    {
        var length = request.Content?.Headers.ContentLength is > 0 and var bytes ? bytes.ToString(CultureInfo.InvariantCulture) : "";
        // Encoding, language, length, MD5, type, date, four conditions, range: of these only the length is ever there.
        var text = new StringBuilder($"{request.Method.Method}\n\n\n{length}\n\n\n\n\n\n\n\n\n");
        foreach (var header in request.Headers.Where(header => header.Key.StartsWith("x-ms-", StringComparison.Ordinal)).OrderBy(header => header.Key, StringComparer.Ordinal))
            text.Append(header.Key).Append(':').AppendJoin(',', header.Value).Append('\n');

        text.Append('/').Append(account).Append(request.RequestUri!.AbsolutePath);
        var parts = request.RequestUri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2));
        foreach (var part in parts.OrderBy(part => part[0], StringComparer.Ordinal))
            text.Append('\n').Append(part[0]).Append(':').Append(Uri.UnescapeDataString(part[1]));
        return text.ToString();
    }
}
