using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Watching;

/// <param name="Before">The old version's figures, for gates by ratio.</param>
/// <param name="After">What the watch saw: its rate of requests turns a share of errors into a number.</param>
public sealed record AlertOrder(SiteHold Hold, WatchSpec Watch, SiteTraffic? Before, SiteTraffic? After);

public sealed record RemoveAlertsOrder(SiteHold Hold);

/// <summary>What became of a run's alert rules; kept as a document of the run, for the report.</summary>
public sealed record AlertResult(IReadOnlyList<AlertRuleState> Rules);

/// <param name="Metric">The gates' metric, <see cref="GateSpec.ErrorRate"/> or <see cref="GateSpec.ResponseTime"/>.</param>
/// <param name="State">One of <see cref="AlertState"/>.</param>
/// <param name="Detail">What the limit is drawn from, or why the rule is not as wanted.</param>
/// <param name="AzureMetric">What the rule looks at, and how it sums it up; null where there is no rule.</param>
/// <param name="Threshold">It alerts above this.</param>
public sealed record AlertRuleState(string Name, string Metric, string State, string Detail, string? AzureMetric = null, double? Threshold = null);

public static class AlertState
{
    public const string Stays = "stays";
    public const string NotMade = "notMade";
    public const string Removed = "removed";
    public const string NotRemoved = "notRemoved";
}

public static class AlertPaths
{
    public static string Of(string runId) => RunPaths.Of(runId, "alerts.json");
}
