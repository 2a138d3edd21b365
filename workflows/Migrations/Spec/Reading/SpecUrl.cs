using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Orchestrator.Workflows.Migrations;

/// <summary>URLs in a spec: absolute, over TLS except on this machine, without credentials, and never to a cloud's metadata address.</summary>
internal static partial class SpecUrl
{
    public static string? Read(ObjectReader reader, string member)
    {
        var text = reader.Text(member, maxLength: 4096);
        if (text is null || Objection(text) is not { } objection)
            return text;
        reader.Fault(member, SpecCodes.NotAUrl, objection);
        return null;
    }

    /// <summary>The URL of a blob container: <c>https://account…/container</c>, or with the account in the path where a local server stands.</summary>
    public static string? Container(ObjectReader reader, string member)
    {
        var text = Read(reader, member);
        if (text is null)
            return null;
        var uri = new Uri(text);
        var segments = uri.AbsolutePath.Trim('/').Split('/');
        if (uri.Query.Length > 0)
            reader.Fault(member, SpecCodes.NotAUrl, "A container is named without a query: the installation's own identity reads and writes it, no signature in a URL.");
        else if (segments.Length <= 2 && ContainerName().IsMatch(segments[^1]))
            return text;
        else
            reader.Fault(member, SpecCodes.NotAUrl, "The URL of a blob container is wanted, such as https://account.blob.core.windows.net/orders.");
        return null;
    }

    /// <summary>One spelling for one place: case, default port, trailing slash and query do not count.</summary>
    public static string Place(string url)
    {
        var uri = new Uri(url);
        return $"{uri.Host}:{uri.Port}{uri.AbsolutePath.TrimEnd('/')}".ToLowerInvariant();
    }

    private static string? Objection(string text)
    {
        if (text.Any(character => char.IsControl(character) || char.IsWhiteSpace(character)) || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
            return "An absolute URL is wanted.";
        if (uri.Scheme is not ("https" or "http") || uri.Host.Length == 0)
            return "An https URL is wanted.";
        if (uri.UserInfo.Length > 0)
            return "A URL must not hold a user name or password.";
        if (uri.Fragment.Length > 0)
            return "A URL must not hold a fragment.";
        if (IPAddress.TryParse(uri.DnsSafeHost, out var address) && IsLinkLocal(address))
            return "A link-local address is not allowed.";
        return uri.Scheme == "http" && !IsLoopback(uri) ? "An https URL is wanted; http is for this machine's own addresses." : null;
    }

    private static bool IsLoopback(Uri uri) => uri.IsLoopback || uri.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsLinkLocal(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? address.IsIPv6LinkLocal
            : address.GetAddressBytes() is [169, 254, _, _] or [0, ..];
    }

    [GeneratedRegex(@"^(\$root|\$web|(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9])\z", RegexOptions.CultureInvariant)]
    private static partial Regex ContainerName();
}
