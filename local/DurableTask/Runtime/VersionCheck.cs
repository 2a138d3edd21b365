using Microsoft.DurableTask;
using Microsoft.DurableTask.Abstractions;
using Microsoft.DurableTask.Worker;

namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>Whether instances of a version run here.</summary>
internal static class VersionCheck
{
    /// <returns>Null when they do.</returns>
    public static TaskFailureDetails? Mismatch(DurableTaskWorkerOptions.VersioningOptions? versioning, string version)
    {
        var order = versioning is null ? 0 : TaskOrchestrationVersioningUtils.CompareVersions(version, versioning.Version);
        var runs = versioning?.MatchStrategy switch
        {
            DurableTaskWorkerOptions.VersionMatchStrategy.Strict => order == 0,
            DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder => order <= 0,
            _ => true,
        };
        return runs
            ? null
            : new TaskFailureDetails(
                "VersionMismatch",
                $"The orchestration has version '{version}', and this worker has '{versioning!.Version}' and runs {versioning.MatchStrategy} only.",
                null,
                null,
                null);
    }
}
