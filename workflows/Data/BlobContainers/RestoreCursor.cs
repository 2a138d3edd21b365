using System.Text.Json;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <param name="Checked">Segments of the manifest that have been checked; nothing is written before all have.</param>
/// <param name="Segment">Where in the manifest to go on writing.</param>
/// <param name="After">The last name that was settled.</param>
/// <param name="PageToken">Of the listing of the container that is restored into.</param>
internal sealed record RestoreCursor(int Checked = 0, int Segment = 0, string? After = null, string? PageToken = null)
{
    public override string ToString() => JsonSerializer.Serialize(this);

    public static RestoreCursor Parse(string? text) => text is null ? new RestoreCursor() : JsonSerializer.Deserialize<RestoreCursor>(text)!;
}
