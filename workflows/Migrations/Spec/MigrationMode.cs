using System.Text.Json.Serialization;

namespace Orchestrator.Workflows.Migrations;

/// <summary>How far a run goes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MigrationMode>))]
public enum MigrationMode
{
    /// <summary>To the live system: swap, watch, report.</summary>
    [JsonStringEnumMemberName("migrate")]
    Migrate,

    /// <summary>Stops after the plan; changes nothing.</summary>
    [JsonStringEnumMemberName("plan")]
    Plan,

    /// <summary>Everything but production: an isolated copy, no pause, no swap, cleaned up after; the timings are kept.</summary>
    [JsonStringEnumMemberName("rehearse")]
    Rehearse,
}
