using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Watching;

/// <param name="Since">When the new version was live and took writes: its figures are read from the next whole minute on, or second where the watch is short.</param>
/// <param name="Before">The old version's figures, from the run's beginning (an hour at most) to the cut-over.</param>
public sealed record WatchInput(string RunId, string Site, string HostName, WatchSpec Watch, DateTimeOffset Since, SiteTraffic? Before);

public sealed record TrafficOrder(string Site, DateTimeOffset From, DateTimeOffset To);

/// <param name="Outcome">One of <see cref="GateOutcome"/>.</param>
public sealed record WatchResult(string Outcome, IReadOnlyList<GateReading> Gates, SiteTraffic? After, string? Fault);

public sealed record GateOrder(WatchInput Watch);

/// <summary>One look at the new version.</summary>
/// <param name="CheckFault">The first HTTP check on production that failed; null when all passed.</param>
public sealed record WatchReading(IReadOnlyList<GateReading> Gates, SiteTraffic Traffic, string? CheckFault);

/// <summary>What a gate saw. <paramref name="Value"/> is null where the platform had no data.</summary>
public sealed record GateReading(string Metric, double? Value, double? Limit, string Outcome);

public static class GateOutcome
{
    public const string Passed = "passed";
    public const string Failed = "failed";
    public const string NoData = "noData";
}

public static class WatchCodes
{
    public const string GateFailed = "MIG0320";
    public const string WayBackFailed = "MIG0321";
    public const string SawNothing = "MIG0322";
    public const string Kept = "MIG0323";
}
