using System.Text.Json;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>A place within a pass.</summary>
/// <param name="Generation">Of the manifest that the pass writes.</param>
/// <param name="Part">The part of it that the next batch writes.</param>
/// <param name="Began">The store's clock when the pass began.</param>
/// <param name="OldestLeft">The oldest change that the pass has left behind so far.</param>
/// <param name="Left">How much it has left behind so far.</param>
internal sealed record PassCursor(
    int Range, ListingCursor At, string Generation, int Part, DateTimeOffset? Began = null, DateTimeOffset? OldestLeft = null, long Left = 0)
{
    public override string ToString() => JsonSerializer.Serialize(this);

    public static PassCursor? Parse(string? text) => text is null ? null : JsonSerializer.Deserialize<PassCursor>(text);

    /// <summary>Later passes sort after earlier ones.</summary>
    public static string GenerationOf(DateTimeOffset decided) => $"{decided.UtcTicks:D20}";
}
