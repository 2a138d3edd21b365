using Azure.Storage.Blobs.Models;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>The headers that an object is served with. Absent and empty are one.</summary>
public sealed record ObjectHeaders(string? ContentType, string? ContentEncoding, string? ContentLanguage, string? ContentDisposition, string? CacheControl)
{
    /// <summary>What a store serves an object with that was given no type.</summary>
    private const string DefaultType = "application/octet-stream";

    internal static ObjectHeaders From(BlobItemProperties properties) => From(
        properties.ContentType, properties.ContentEncoding, properties.ContentLanguage, properties.ContentDisposition, properties.CacheControl);

    internal static ObjectHeaders From(BlobProperties properties) => From(
        properties.ContentType, properties.ContentEncoding, properties.ContentLanguage, properties.ContentDisposition, properties.CacheControl);

    internal BlobHttpHeaders ToHttp(string? md5) => new()
    {
        ContentType = ContentType ?? DefaultType,
        ContentEncoding = ContentEncoding,
        ContentLanguage = ContentLanguage,
        ContentDisposition = ContentDisposition,
        CacheControl = CacheControl,
        ContentHash = md5 is null ? null : Convert.FromBase64String(md5),
    };

    private static ObjectHeaders From(string? type, string? encoding, string? language, string? disposition, string? cacheControl) =>
        new(Text(type) is DefaultType ? null : Text(type), Text(encoding), Text(language), Text(disposition), Text(cacheControl));

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
