using System.Text.Json.Serialization;

namespace Orchestrator.Workflows.Migrations;

/// <summary>Moves clients to the new version in steps, each with gates, instead of all at once.</summary>
public sealed record TrafficSpec
{
    public required IReadOnlyList<TrafficStepSpec> Steps { get; init; }

    public IReadOnlyList<GateSpec> Gates { get; init; } = [];

    public NoDataPolicy NoData { get; init; }
}

public sealed record TrafficStepSpec
{
    /// <summary>The share of clients on the new version, 1 to 100.</summary>
    public required int Percent { get; init; }

    public required TimeSpan Hold { get; init; }
}

/// <summary>What a gate without data means.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoDataPolicy>))]
public enum NoDataPolicy
{
    /// <summary>Neither passed nor failed: stay at this step and look again.</summary>
    [JsonStringEnumMemberName("hold")]
    Hold,
}
