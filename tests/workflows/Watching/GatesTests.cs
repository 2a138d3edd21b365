using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Tests.Watching;

public sealed class GatesTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1000, 10, GateOutcome.Passed)]
    [InlineData(1000, 11, GateOutcome.Failed)]
    [InlineData(0, 0, GateOutcome.NoData)]
    [InlineData(null, null, GateOutcome.NoData)]
    public void An_error_rate_gate_passes_up_to_its_limit_and_says_when_there_is_nothing_to_judge(int? requests, int? errors, string outcome)
    {
        var gates = Gates.Read([new GateSpec { Metric = GateSpec.ErrorRate, Max = 0.01 }], Traffic(requests, errors, 0.1), before: null);

        Assert.Equal(outcome, Assert.Single(gates).Outcome);
    }

    [Theory]
    [InlineData(0.15, 0.1, GateOutcome.Passed)]
    [InlineData(0.16, 0.1, GateOutcome.Failed)]
    [InlineData(0.16, null, GateOutcome.NoData)]
    public void A_ratio_gate_compares_with_the_figures_before_the_run(double now, double? before, string outcome)
    {
        var gates = Gates.Read([new GateSpec { Metric = GateSpec.ResponseTime, MaxRatio = 1.5 }], Traffic(10, 0, now), Traffic(10, 0, before));

        Assert.Equal(outcome, Assert.Single(gates).Outcome);
    }

    private static SiteTraffic Traffic(double? requests, double? errors, double? seconds) => new(At, At.AddMinutes(1), requests, errors, seconds);
}
