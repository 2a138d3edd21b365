using System.Text.Json.Serialization;

namespace Orchestrator.Workflows.Migrations;

/// <summary>Moves clients to the new version in steps, each with gates, instead of all at once.</summary>
public sealed record TrafficSpec
{
    public static readonly TimeSpan DefaultHoldLimit = TimeSpan.FromHours(1);

    public required IReadOnlyList<TrafficStepSpec> Steps { get; init; }

    public IReadOnlyList<GateSpec> Gates { get; init; } = [];

    /// <summary>What follows at the end of a step whose gates have no figures to judge.</summary>
    public GateConsequence NoData { get; init; }

    /// <summary>What follows at the end of a step that had too few requests to judge.</summary>
    public GateConsequence Inconclusive { get; init; }

    /// <summary>What follows when a gate fails: <see cref="GateConsequence.GoBack"/> or <see cref="GateConsequence.Ask"/>.</summary>
    public GateConsequence Failed { get; init; } = GateConsequence.GoBack;

    /// <summary>How much longer than its own time a step is held for want of figures; then people are asked.</summary>
    public TimeSpan HoldLimit { get; init; } = DefaultHoldLimit;
}

public sealed record TrafficStepSpec
{
    /// <summary>The share of clients on the new version, 1 to 100.</summary>
    public required int Percent { get; init; }

    public required TimeSpan Hold { get; init; }
}

/// <summary>What follows where gates do not say that a step has passed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GateConsequence>))]
public enum GateConsequence
{
    /// <summary>Neither passed nor failed: stay at this step and look again.</summary>
    [JsonStringEnumMemberName("hold")]
    Hold,

    /// <summary>Taken for passed.</summary>
    [JsonStringEnumMemberName("goOn")]
    GoOn,

    /// <summary>Taken for failed: all clients back to the old version, a step at a time.</summary>
    [JsonStringEnumMemberName("goBack")]
    GoBack,

    /// <summary>Stay at this step until a person has decided.</summary>
    [JsonStringEnumMemberName("ask")]
    Ask,
}
