using System.Text.Json.Serialization;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>An object that both sides held alike when it was last carried, and in which version each: what tells later which of them has changed since.</summary>
/// <param name="Source">ETag at the source.</param>
/// <param name="Target">ETag at the target.</param>
/// <param name="Traits">Digest of what may change without a new ETag: see <see cref="ListedObject.Traits"/>.</param>
internal sealed record ManifestEntry(
    [property: JsonPropertyName("n")] string Name,
    [property: JsonPropertyName("s")] string Source,
    [property: JsonPropertyName("t")] string Target,
    [property: JsonPropertyName("x")] string? Traits = null);

/// <summary>A manifest's place: the blobs that hold it, in the order of the names in them.</summary>
/// <param name="Generation">The pass that wrote it; later ones sort after it.</param>
internal sealed record ManifestState(string Generation, IReadOnlyList<ManifestPart> Parts);

/// <param name="Last">The last name that the part covers; null in the last part, which covers what follows too.</param>
internal sealed record ManifestPart(string Blob, string? Last);
