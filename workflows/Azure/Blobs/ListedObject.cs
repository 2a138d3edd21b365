using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>One object as a listing shows it. <paramref name="Md5"/> is base64, null where the store has none.</summary>
/// <param name="Tier">Null where nobody set one.</param>
public sealed record ListedObject(
    string Name,
    long Size,
    ETag ETag,
    DateTimeOffset LastModified,
    string? Md5,
    BlobType Kind,
    ObjectHeaders Headers,
    IReadOnlyDictionary<string, string> Metadata,
    string? Tier = null)
{
    /// <summary>Metadata of a copy that is not whole yet, with the version that it is to become: see <see cref="PartialCopy"/>. No part of the object otherwise.</summary>
    internal const string PartialMark = "orchestrator_partial";

    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    /// <summary>Null where it is not known: the store was not asked, or does not tell.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Set on a copy that was cut short.</summary>
    internal string? Partial { get; private init; }

    /// <summary>The ETag as text, in the one form that is compared and kept.</summary>
    internal string Version => ETag.ToString("H");

    /// <summary>A digest of what may change without a new ETag, or null where there is none of it: tags, and a tier that somebody set.</summary>
    internal string? Traits => Tags is not { Count: > 0 } && Tier is null
        ? null
        : Digest($"{Tier}\n{Lines(Tags ?? Nothing)}");

    /// <summary>A digest of what the object is besides its content: kind, headers, metadata. A copy has the same.</summary>
    internal string Description => Digest($"{Kind}\n{Headers}\n{Lines(Metadata)}");

    /// <summary>Why this object cannot be carried, or null where it can.</summary>
    public string? Obstacle => this switch
    {
        { Tier: "Archive" } => "archived blob",
        // URLs are normalised on the way: a client cannot ask for such a name.
        _ when Name.Split('/').Any(segment => segment is "." or "..") => "name with a dot segment",
        _ => null,
    };

    /// <summary>The object under <paramref name="name"/> as it is now, without its tags, or null.</summary>
    internal static async Task<ListedObject?> FindAsync(BlobContainerClient container, string name, CancellationToken cancellationToken)
    {
        try
        {
            return From(name, (await container.GetBlobBaseClient(name).GetPropertiesAsync(conditions: null, cancellationToken)).Value);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    /// <param name="withTags">The listing was asked for tags, and told.</param>
    internal static ListedObject From(BlobItem item, bool withTags)
    {
        var properties = item.Properties;
        var (metadata, partial) = Split(item.Metadata);
        return new ListedObject(
            item.Name,
            properties.ContentLength ?? 0,
            Quoted(properties.ETag ?? default),
            properties.LastModified ?? default,
            Text(properties.ContentHash),
            properties.BlobType ?? BlobType.Block,
            ObjectHeaders.From(properties),
            metadata,
            properties.AccessTierInferred == true ? null : properties.AccessTier?.ToString())
        {
            Partial = partial,
            Tags = !withTags ? null : item.Tags is { Count: > 0 } tags ? new Dictionary<string, string>(tags, StringComparer.Ordinal) : Nothing,
        };
    }

    private static ListedObject From(string name, BlobProperties properties)
    {
        var (metadata, partial) = Split(properties.Metadata);
        return new ListedObject(
            name,
            properties.ContentLength,
            Quoted(properties.ETag),
            properties.LastModified,
            Text(properties.ContentHash),
            properties.BlobType,
            ObjectHeaders.From(properties),
            metadata,
            properties.AccessTierInferred ? null : properties.AccessTier) { Partial = partial };
    }

    private static (IReadOnlyDictionary<string, string> Metadata, string? Partial) Split(IDictionary<string, string>? metadata)
    {
        if (metadata is not { Count: > 0 }) return (Nothing, null);
        var own = new Dictionary<string, string>(metadata, StringComparer.OrdinalIgnoreCase);
        return (own, own.Remove(PartialMark, out var partial) ? partial : null);
    }

    private static string Digest(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 9));

    private static string Lines(IReadOnlyDictionary<string, string> pairs) =>
        string.Join('\n', pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    private static string? Text(byte[]? hash) => hash is { Length: > 0 } ? Convert.ToBase64String(hash) : null;

    /// <summary>Listings give ETags without the quotes that headers have: brought into one form, they can be compared.</summary>
    internal static ETag Quoted(ETag etag) => new(etag.ToString("H"));
}
