using System.Text.Json;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>A place within a pass.</summary>
/// <param name="Began">The store's clock when the pass began.</param>
/// <param name="OldestLeft">The oldest change that the pass has left behind so far.</param>
internal sealed record PassCursor(ListingCursor At, DateTimeOffset Began, DateTimeOffset? OldestLeft = null)
{
    public override string ToString() => JsonSerializer.Serialize(this);

    public static PassCursor? Parse(string? text) => text is null ? null : JsonSerializer.Deserialize<PassCursor>(text);
}
