using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Provisioning;

namespace Orchestrator.Workflows.Watching;

/// <summary>The gates of a watch as rules that Azure Monitor can judge: one a metric, at the strictest limit that its gates have.</summary>
internal static class AlertRules
{
    /// <summary>A rule that fires at the first error wakes people for nothing.</summary>
    private const double LeastErrors = 1;

    private static readonly string[] Metrics = [GateSpec.ErrorRate, GateSpec.ResponseTime];

    /// <summary>Every rule that a run can have made on a site, by metric.</summary>
    public static IReadOnlyDictionary<string, string> Ids(string site) => Metrics.ToDictionary(metric => metric, metric => IdOf(new SiteId(site), metric), StringComparer.Ordinal);

    public static string NameOf(string ruleId) => ruleId[(ruleId.LastIndexOf('/') + 1)..];

    public static IReadOnlyList<WantedRule> Of(AlertOrder order) =>
        [.. Metrics.Where(metric => order.Watch.Gates.Any(gate => gate.Metric == metric)).Select(metric => Wanted(order, metric))];

    private static string IdOf(SiteId site, string metric) => $"{site.GroupId}/providers/Microsoft.Insights/metricAlerts/{site.Name}-orchestrator-{metric}";

    private static WantedRule Wanted(AlertOrder order, string metric)
    {
        var id = IdOf(new SiteId(order.Hold.Site), metric);
        var nothing = new SiteTraffic(default, default, Requests: null, Http5xx: null, ResponseSeconds: null);
        var limits = Gates.Read([.. order.Watch.Gates.Where(gate => gate.Metric == metric)], order.After ?? nothing, order.Before).Select(reading => reading.Limit);
        if (limits.Min() is not { } limit) return new WantedRule(id, metric, WhyNot: "the gate compares with the old version, of which the platform had no figure");
        if (metric == GateSpec.ResponseTime)
            return new WantedRule(id, metric, Rule(order, "HttpResponseTime", "Average", limit, $"The gate's limit is a mean response time of {limit:0.####} s."));

        // A metric alert cannot divide one metric by another.
        if (order.After?.RequestsPerSecond is not { } rate) return new WantedRule(id, metric, WhyNot: "the platform had no count of requests in the watch, so the share of errors cannot be turned into a number");
        var expected = rate * MetricAlerts.Window.TotalSeconds;
        return new WantedRule(id, metric, Rule(order, "Http5xx", "Total", Math.Max(LeastErrors, Math.Floor(Math.Round(limit * expected, 6))),
            $"The gate's limit is an error rate of {limit:0.####}. A metric alert cannot divide, so this one counts server errors in 5 minutes: {limit:0.####} of the {expected:N0} requests that they have at the watch's {rate:0.##} a second, and at least {LeastErrors:0}. Where the traffic changes much, change the limit."));
    }

    private static MetricAlert Rule(AlertOrder order, string metric, string aggregation, double threshold, string why) => new(
        order.Hold.Site, $"Made by the migration {order.Hold.RunId} when its watch had passed. {why}", order.Watch.Alerts!.Severity, metric, aggregation, threshold, order.Watch.Alerts.ActionGroup,
        new Dictionary<string, string>(StringComparer.Ordinal) { [RunTag.Name] = order.Hold.RunId });
}

/// <param name="Rule">Null where Azure Monitor cannot judge the gate.</param>
/// <param name="WhyNot">Why it cannot.</param>
internal sealed record WantedRule(string Id, string Metric, MetricAlert? Rule = null, string WhyNot = "");
