using Azure;
using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Objects as a listing might show them.</summary>
internal static class Listed
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static ListedObject Object(string name = "a", string? md5 = null, DateTimeOffset? lastModified = null) => new(
        name, Size: 3, new ETag("\"1\""), lastModified ?? Noon, md5, BlobType.Block,
        new ObjectHeaders(null, null, null, null, null), new Dictionary<string, string>());
}
