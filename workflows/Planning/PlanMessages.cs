namespace Orchestrator.Workflows.Planning;

/// <summary>What a data set holds. <paramref name="Unsupported"/>: names and kinds that cannot be carried, the first few.</summary>
public sealed record DataCount(string Name, long Objects, long Bytes, IReadOnlyList<string> Unsupported);

public sealed record PlanOrder(string RunId, IReadOnlyList<DataCount> Counts);

/// <summary>What the orchestrator decides on; the plan itself is a document of the run.</summary>
/// <param name="Digest"><c>sha256:</c> and the hash of the plan's bytes.</param>
/// <param name="ChangeDuration">How long production may be changed for, by the estimate: a window must hold it.</param>
public sealed record PlanSummary(
    string Digest, IReadOnlyList<Finding> Blockers, string HostName, string? DeploymentId, string? HealthCheckPath, long Objects, long Bytes, int Score,
    TimeSpan ChangeDuration);
