using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Probing;

/// <summary>Where a run's probes stand among its documents.</summary>
public static class ProbePaths
{
    public static string Batch(string runId, long number) => RunPaths.Of(runId, $"probe/{number}.json");

    public static string Stop(string runId) => RunPaths.Of(runId, "probe/stop.json");

    public static string Summary(string runId) => RunPaths.Of(runId, "probe/summary.json");
}
