using System.Text.Json;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <param name="After">The last name of the part before.</param>
internal sealed record SnapshotCursor(string? PageToken, string? After)
{
    public static SnapshotCursor Start { get; } = new(null, null);

    public override string ToString() => JsonSerializer.Serialize(this);

    public static SnapshotCursor? Parse(string? text) => text is null ? null : JsonSerializer.Deserialize<SnapshotCursor>(text);
}
