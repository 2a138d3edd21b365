using Microsoft.DurableTask;
using Microsoft.DurableTask.Abstractions;
using Microsoft.DurableTask.Worker;

namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>Whether orchestrations and activities of a version run here.</summary>
internal static class VersionCheck
{
    /// <returns>Null when they do.</returns>
    public static TaskFailureDetails? Mismatch(DurableTaskWorkerOptions.VersioningOptions? versioning, string version)
    {
        if (versioning is null)
            return null;
        var order = TaskOrchestrationVersioningUtils.CompareVersions(version, versioning.Version);
        return versioning.MatchStrategy switch
        {
            DurableTaskWorkerOptions.VersionMatchStrategy.None => null,
            DurableTaskWorkerOptions.VersionMatchStrategy.Strict when order == 0 => null,
            DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder when order <= 0 => null,
            DurableTaskWorkerOptions.VersionMatchStrategy.Strict or DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder =>
                Failure("VersionMismatch", $"The version is '{version}', and this worker has '{versioning.Version}' and runs {versioning.MatchStrategy} only."),
            // What this worker does not understand it must not run.
            _ => Failure("VersionError", $"The version match strategy '{versioning.MatchStrategy}' is unknown."),
        };
    }

    private static TaskFailureDetails Failure(string type, string message) => new(type, message, null, null, null);
}
