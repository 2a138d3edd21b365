using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>Keeps the site's configuration and data as they are before anything is changed, and tries a restore.</summary>
public static class SnapshotOrchestrator
{
    [Function(nameof(SnapshotOrchestrator))]
    public static async Task<SnapshotResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, SnapshotInput input)
    {
        var configuration = await context.CallActivityAsync<ConfigurationSnapshot>(
            nameof(SnapshotConfiguration), new ConfigurationOrder(input.RunId, input.Site, input.Outline.Container), Retry.Standard);
        if (input.Data.Count == 0) return new SnapshotResult(configuration, Data: null);

        var data = await context.CallSubOrchestratorAsync<SnapshotDataResult>(
            nameof(SnapshotDataOrchestrator),
            new SnapshotDataInput(input.RunId, [.. input.Data], configuration.Container, input.Outline.RetainDays, input.Outline.TestRestore),
            new SubOrchestrationOptions(instanceId: $"{context.InstanceId}:data"));
        return new SnapshotResult(configuration, data);
    }
}

public sealed record SnapshotInput(string RunId, string Site, SnapshotOutline Outline, IReadOnlyList<DataSet> Data);

public sealed record SnapshotResult(ConfigurationSnapshot Configuration, SnapshotDataResult? Data);

/// <param name="Container">Null: the orchestrator's own.</param>
public sealed record ConfigurationOrder(string RunId, string Site, string? Container);

/// <param name="Container">Where the snapshot is kept, also of the data.</param>
public sealed record ConfigurationSnapshot(string Container, string Blob, string Sha256, long Bytes);
