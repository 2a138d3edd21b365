using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>How a snapshot's documents are written. Part of the format: a change needs a new version of it.</summary>
internal static class SnapshotJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
