using System.Text.Json;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <param name="PageToken">Of the source's listing.</param>
/// <param name="After">The last name of the part before.</param>
/// <param name="StoredToken">Of the listing of the objects that the snapshot container has already.</param>
/// <param name="BaseRunId">The newest snapshot when this one began; absent where there was none.</param>
/// <param name="BaseSegment">Where in its manifest to go on.</param>
internal sealed record SnapshotCursor(string? PageToken, string? After, string? StoredToken = null, string? BaseRunId = null, int BaseSegment = 0)
{
    public static SnapshotCursor Start { get; } = new(null, null);

    public override string ToString() => JsonSerializer.Serialize(this);

    public static SnapshotCursor? Parse(string? text) => text is null ? null : JsonSerializer.Deserialize<SnapshotCursor>(text);
}
