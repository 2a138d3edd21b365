using System.Text.Json.Serialization;

namespace Orchestrator.Workflows.Migrations;

/// <summary>How long, and by what, the new version is watched after the cut-over before the run counts as done.</summary>
public sealed record WatchSpec
{
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(10);

    public IReadOnlyList<GateSpec> Gates { get; init; } = [];

    /// <summary>What follows when a gate or check fails.</summary>
    public WatchFailure OnFail { get; init; }

    /// <summary>Null where no alert rules are to stay after the watch.</summary>
    public AlertSpec? Alerts { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<WatchFailure>))]
public enum WatchFailure
{
    /// <summary>The old version is made live again.</summary>
    [JsonStringEnumMemberName("rollBack")]
    RollBack,

    /// <summary>A person decides.</summary>
    [JsonStringEnumMemberName("ask")]
    Ask,
}

/// <summary>A limit on a metric of the new version: absolute, or as a ratio to the same metric before the run. Exactly one of the two.</summary>
public sealed record GateSpec
{
    /// <summary>Failed requests as a share of all, 0 to 1.</summary>
    public const string ErrorRate = "errorRate";

    /// <summary>Mean response time in seconds.</summary>
    public const string ResponseTime = "responseTime";

    public required string Metric { get; init; }

    public double? Max { get; init; }

    public double? MaxRatio { get; init; }
}
