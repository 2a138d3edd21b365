using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Traffic;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Tests.Traffic;

public sealed class TrafficGatesTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(20, 0.15, 20, 0.1, GateOutcome.Passed)]
    [InlineData(20, 0.16, 20, 0.1, GateOutcome.Failed)]
    [InlineData(19, 0.16, 20, 0.1, TrafficGates.Inconclusive)]
    [InlineData(20, 0.16, 19, 0.1, TrafficGates.Inconclusive)]
    [InlineData(0, null, 500, 0.1, TrafficGates.Inconclusive)]
    [InlineData(null, null, 500, 0.1, GateOutcome.NoData)]
    [InlineData(20, 0.16, null, null, GateOutcome.NoData)]
    public void A_ratio_compares_with_the_old_version_in_the_same_time_when_both_had_enough_requests(
        int? slot, double? seconds, int? production, double? baseline, string outcome)
    {
        var gates = TrafficGates.Read([new GateSpec { Metric = GateSpec.ResponseTime, MaxRatio = 1.5 }], Traffic(slot, 0, seconds), Traffic(production, 0, baseline));

        Assert.Equal(outcome, Assert.Single(gates).Outcome);
    }

    [Fact]
    public void An_absolute_limit_asks_nothing_of_the_old_version()
    {
        var gates = TrafficGates.Read([new GateSpec { Metric = GateSpec.ErrorRate, Max = 0.1 }], Traffic(20, 3, 0.1), Traffic(1, 0, 0.1));

        Assert.Equal(GateOutcome.Failed, Assert.Single(gates).Outcome);
    }

    [Theory]
    [InlineData(GateOutcome.Passed)]
    [InlineData(TrafficGates.Inconclusive, GateOutcome.Passed, TrafficGates.Inconclusive)]
    [InlineData(GateOutcome.NoData, TrafficGates.Inconclusive, GateOutcome.NoData)]
    [InlineData(GateOutcome.Failed, GateOutcome.NoData, GateOutcome.Failed, GateOutcome.Passed)]
    public void A_step_is_what_its_worst_gate_is(string worst, params string[] outcomes) =>
        Assert.Equal(worst, TrafficGates.Worst([.. outcomes.Select(outcome => new GateReading(GateSpec.ErrorRate, null, null, outcome))]));

    [Fact]
    public void Steps_of_minutes_are_judged_by_whole_minutes_and_short_ones_by_the_time_itself()
    {
        Assert.Equal((At.AddMinutes(1), At.AddMinutes(5)), TrafficMinutes.Between(At.AddSeconds(20), At.AddMinutes(5).AddSeconds(10)));
        Assert.Equal((At.AddSeconds(1), At.AddSeconds(90)), TrafficMinutes.Between(At.AddSeconds(0.2), At.AddSeconds(90)));
        Assert.Equal((At.AddMinutes(1), At.AddMinutes(2)), TrafficMinutes.LastWhole(At.AddSeconds(20), At.AddMinutes(2).AddSeconds(10), TimeSpan.FromMinutes(5)));
        Assert.Null(TrafficMinutes.LastWhole(At.AddSeconds(20), At.AddMinutes(1).AddSeconds(50), TimeSpan.FromMinutes(5)));
    }

    private static SiteTraffic Traffic(double? requests, double? errors, double? seconds) => new(At, At.AddMinutes(1), requests, errors, seconds);
}
