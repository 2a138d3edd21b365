using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Tests.Watching;

public sealed class AlertRulesTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_limit_of_the_response_time_is_the_rules_limit()
    {
        var wanted = Single(new GateSpec { Metric = GateSpec.ResponseTime, Max = 0.5 });

        Assert.Equal("/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop/providers/Microsoft.Insights/metricAlerts/shop-orchestrator-responseTime", wanted.Id);
        Assert.Equal(("HttpResponseTime", "Average", 0.5), (wanted.Rule!.Metric, wanted.Rule.Aggregation, wanted.Rule.Threshold));
    }

    [Fact]
    public void A_ratio_is_taken_of_the_old_versions_figure()
    {
        var wanted = Single(new GateSpec { Metric = GateSpec.ResponseTime, MaxRatio = 1.5 });

        Assert.Equal(0.3, wanted.Rule!.Threshold, precision: 10);
    }

    [Theory]
    [InlineData(600, 0.01, 30)]
    [InlineData(630, 0.01, 31)]
    [InlineData(20, 0.29, 29)]
    [InlineData(600, 0.0001, 1)]
    [InlineData(0, 0.5, 1)]
    public void A_share_of_errors_is_a_number_of_them_by_the_watchs_rate_and_at_least_one(int requestsAMinute, double max, double errorsInFiveMinutes)
    {
        var wanted = Single(new GateSpec { Metric = GateSpec.ErrorRate, Max = max }, After(requestsAMinute));

        Assert.Equal(("Http5xx", "Total", errorsInFiveMinutes), (wanted.Rule!.Metric, wanted.Rule.Aggregation, wanted.Rule.Threshold));
        Assert.Contains("cannot divide", wanted.Rule.Description);
    }

    [Fact]
    public void What_the_platform_had_no_figures_for_is_told_and_gets_no_rule()
    {
        var order = Order(After(null), before: null, new GateSpec { Metric = GateSpec.ErrorRate, Max = 0.01 }, new GateSpec { Metric = GateSpec.ResponseTime, MaxRatio = 1.5 });

        var wanted = AlertRules.Of(order);

        Assert.All(wanted, rule => Assert.Null(rule.Rule));
        Assert.Contains("no count of requests", wanted[0].WhyNot);
        Assert.Contains("compares with the old version", wanted[1].WhyNot);
    }

    [Fact]
    public void Of_two_gates_on_a_metric_the_stricter_counts()
    {
        var order = Order(After(600), Before, new GateSpec { Metric = GateSpec.ResponseTime, Max = 0.5 }, new GateSpec { Metric = GateSpec.ResponseTime, MaxRatio = 2 });

        Assert.Equal(0.4, Assert.Single(AlertRules.Of(order)).Rule!.Threshold, precision: 10);
    }

    private static SiteTraffic Before => new(At.AddHours(-1), At, Requests: 3600, Http5xx: 36, ResponseSeconds: 0.2);

    private static SiteTraffic After(double? requests) => new(At, At.AddMinutes(1), requests, Http5xx: 0, ResponseSeconds: 0.1);

    private static WantedRule Single(GateSpec gate, SiteTraffic? after = null) => Assert.Single(AlertRules.Of(Order(after ?? After(600), Before, gate)));

    private static AlertOrder Order(SiteTraffic after, SiteTraffic? before, params GateSpec[] gates) =>
        new(new SiteHold("shop-v2", World.SiteId, Fence: 1), new WatchSpec { Gates = gates, Alerts = new AlertSpec { ActionGroup = "/on-call" } }, before, after);
}
