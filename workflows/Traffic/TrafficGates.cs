using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Traffic;

/// <summary>
/// Judges the new version by the spec's gates, against the old one in the same time. Both get the same kind of requests then, which they do not before and after.
/// </summary>
public static class TrafficGates
{
    /// <summary>There were requests, too few to judge by.</summary>
    public const string Inconclusive = "inconclusive";

    /// <summary>So many requests are the least that a figure is believed of; of both versions, where a gate compares them.</summary>
    public const int LeastRequests = 20;

    private static readonly string[] WorstFirst = [GateOutcome.Failed, GateOutcome.NoData, Inconclusive];

    public static IReadOnlyList<GateReading> Read(IReadOnlyList<GateSpec> gates, SiteTraffic slot, SiteTraffic production) =>
        [.. Gates.Read(gates, slot, production).Zip(gates, (reading, gate) => Weigh(reading, gate, slot, production))];

    /// <summary>Passed where there is no gate.</summary>
    public static string Worst(IReadOnlyList<GateReading> readings) =>
        WorstFirst.FirstOrDefault(outcome => readings.Any(reading => reading.Outcome == outcome)) ?? GateOutcome.Passed;

    private static GateReading Weigh(GateReading reading, GateSpec gate, SiteTraffic slot, SiteTraffic production)
    {
        if (IsTooFew(slot.Requests) || gate.MaxRatio is not null && IsTooFew(production.Requests)) return reading with { Outcome = Inconclusive };
        return reading;
    }

    // No figure at all is no data, not few requests.
    private static bool IsTooFew(double? requests) => requests < LeastRequests;
}
