using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>One object as a listing shows it. <paramref name="Md5"/> is base64, null where the store has none.</summary>
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
    /// <summary>
    /// Metadata that the way back leaves on what it wrote: with it an object changed after the cut-over is known as our copy. Whoever writes the object
    /// anew drops it. No part of the object otherwise.
    /// </summary>
    internal const string ReverseMark = "orchestrator_reversed";

    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    internal bool IsReverseCopy { get; private init; }

    /// <summary>Why this object cannot be carried, or null where it can.</summary>
    public string? Obstacle => this switch
    {
        { Kind: BlobType.Append } => "append blob",
        { Kind: BlobType.Page } => "page blob",
        { Tier: "Archive" } => "archived blob",
        // URLs are normalised on the way: a client cannot ask for such a name.
        _ when Name.Split('/').Any(segment => segment is "." or "..") => "name with a dot segment",
        _ => null,
    };

    internal static ListedObject From(BlobItem item)
    {
        var properties = item.Properties;
        var metadata = item.Metadata is { Count: > 0 } ? new Dictionary<string, string>(item.Metadata, StringComparer.OrdinalIgnoreCase) : null;
        var reversed = metadata?.Remove(ReverseMark) == true;
        return new ListedObject(
            item.Name,
            properties.ContentLength ?? 0,
            Quoted(properties.ETag ?? default),
            properties.LastModified ?? default,
            properties.ContentHash is { Length: > 0 } hash ? Convert.ToBase64String(hash) : null,
            properties.BlobType ?? BlobType.Block,
            ObjectHeaders.From(properties),
            metadata ?? NoMetadata,
            properties.AccessTierInferred == true ? null : properties.AccessTier?.ToString()) { IsReverseCopy = reversed };
    }

    private static ListedObject From(string name, BlobProperties properties)
    {
        var metadata = new Dictionary<string, string>(properties.Metadata, StringComparer.OrdinalIgnoreCase);
        var reversed = metadata.Remove(ReverseMark);
        return new ListedObject(
            name,
            properties.ContentLength,
            Quoted(properties.ETag),
            properties.LastModified,
            properties.ContentHash is { Length: > 0 } hash ? Convert.ToBase64String(hash) : null,
            properties.BlobType,
            ObjectHeaders.From(properties),
            metadata,
            properties.AccessTierInferred ? null : properties.AccessTier) { IsReverseCopy = reversed };
    }

    /// <summary>Listings give ETags without the quotes that headers have: brought into one form, they can be compared.</summary>
    private static ETag Quoted(ETag etag) => new(etag.ToString("H"));

    /// <summary>The object under <paramref name="name"/> as it is now, or null.</summary>
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
}
