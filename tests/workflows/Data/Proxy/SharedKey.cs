using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Signs with the key of the tests' accounts, so that the proxy may change what a client has signed.</summary>
internal sealed class SharedKey(string key)
{
    private static readonly string[] Signed =
    [
        "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date",
        "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range",
    ];

    private readonly byte[] _key = Convert.FromBase64String(key);

    public bool IsSigned(HttpRequestMessage message) =>
        message.Headers.NonValidated.Contains("Authorization") && Header(message, "Authorization") == Signature(message);

    public void Sign(HttpRequestMessage message)
    {
        if (!message.Headers.NonValidated.Contains("x-ms-date")) message.Headers.Add("x-ms-date", DateTimeOffset.UtcNow.ToString("R"));
        message.Headers.Remove("Authorization");
        message.Headers.TryAddWithoutValidation("Authorization", Signature(message));
    }

    /// <summary>Signs anew what was rightly signed; what was wrongly signed stays so, and what a SAS stands for needs no signature.</summary>
    public void Change(HttpRequestMessage message, Action change)
    {
        var signed = IsSigned(message);
        change();
        if (signed) Sign(message);
    }

    private string Signature(HttpRequestMessage message)
    {
        var account = message.RequestUri!.AbsolutePath.Split('/')[1];
        return $"SharedKey {account}:{Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(ToSign(message, account))))}";
    }

    private static string ToSign(HttpRequestMessage message, string account)
    {
        var text = new StringBuilder(message.Method.Method).Append('\n');
        foreach (var name in Signed) text.Append(name == "Content-Length" && Header(message, name) == "0" ? "" : Header(message, name)).Append('\n');

        var own = message.Headers.NonValidated.Where(header => header.Key.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase));
        foreach (var (name, values) in own.OrderBy(header => header.Key.ToLowerInvariant(), StringComparer.Ordinal))
            text.Append(name.ToLowerInvariant()).Append(':').Append(values.ToString().Trim()).Append('\n');

        text.Append('/').Append(account).Append(message.RequestUri!.AbsolutePath);
        foreach (var parts in StoreRequest.QueryOf(message.RequestUri).GroupBy(part => part.Name).OrderBy(part => part.Key, StringComparer.Ordinal))
            text.Append('\n').Append(parts.Key).Append(':').AppendJoin(',', parts.Select(part => part.Value).Order(StringComparer.Ordinal));
        return text.ToString();
    }

    private static string? Header(HttpRequestMessage message, string name)
    {
        if (name == "Content-Length") return message.Content?.Headers.ContentLength?.ToString();
        if (message.Headers.NonValidated.TryGetValues(name, out var values)) return values.ToString();
        return message.Content is { } content && content.Headers.NonValidated.TryGetValues(name, out values) ? values.ToString() : null;
    }
}
