using Azure.Storage.Blobs.Models;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>The headers that an object is served with. Absent and empty are one.</summary>
public sealed record ObjectHeaders(string? ContentType, string? ContentEncoding, string? ContentLanguage, string? ContentDisposition, string? CacheControl)
{
    /// <summary>What a store serves an object with that was given no type.</summary>
    private const string DefaultType = "application/octet-stream";

    internal static ObjectHeaders From(BlobItemProperties properties) => new(
        Text(properties.ContentType) is { } type and not DefaultType ? type : null,
        Text(properties.ContentEncoding),
        Text(properties.ContentLanguage),
        Text(properties.ContentDisposition),
        Text(properties.CacheControl));

    internal BlobHttpHeaders ToHttp(string? md5) => new()
    {
        ContentType = ContentType ?? DefaultType,
        ContentEncoding = ContentEncoding,
        ContentLanguage = ContentLanguage,
        ContentDisposition = ContentDisposition,
        CacheControl = CacheControl,
        ContentHash = md5 is null ? null : Convert.FromBase64String(md5),
    };

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
