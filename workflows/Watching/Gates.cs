using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Watching;

/// <summary>Judges the platform's figures by the spec's gates. A figure that is not there neither passes nor fails.</summary>
public static class Gates
{
    public static IReadOnlyList<GateReading> Read(IReadOnlyList<GateSpec> gates, SiteTraffic now, SiteTraffic? before) =>
        [.. gates.Select(g => Read(g, Value(g, now), before is null ? null : Value(g, before)))];

    private static double? Value(GateSpec gate, SiteTraffic traffic) => gate.Metric == GateSpec.ErrorRate ? traffic.ErrorRate : traffic.ResponseSeconds;

    private static GateReading Read(GateSpec gate, double? value, double? baseline)
    {
        var limit = gate.Max ?? gate.MaxRatio * baseline;
        var outcome = value is null || limit is null ? GateOutcome.NoData : value <= limit ? GateOutcome.Passed : GateOutcome.Failed;
        return new GateReading(gate.Metric, value, limit, outcome);
    }
}
