using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Snapshots;

/// <summary>Keeps the site's configuration and data as they are before anything is changed, and tries a restore of both.</summary>
public static class SnapshotOrchestrator
{
    [Function(nameof(SnapshotOrchestrator))]
    public static async Task<SnapshotResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, SnapshotInput input)
    {
        var configuration = await context.CallActivityAsync<ConfigurationSnapshot>(
            nameof(SnapshotConfiguration),
            new ConfigurationOrder(
                input.RunId, input.Site, input.Outline.Container, RetainUntil: context.CurrentUtcDateTime.AddDays(input.Outline.RetainDays)),
            Retry.Standard);
        var test = input.Outline.TestRestore
            ? await context.CallActivityAsync<ConfigurationTest>(
                nameof(TestConfigurationRestore), new TestConfigurationOrder(input.RunId, input.Site, configuration), Retry.Standard)
            : null;
        if (input.Data.Count == 0) return new SnapshotResult(configuration, Data: null, test);

        var data = await context.CallSubOrchestratorAsync<SnapshotDataResult>(
            nameof(SnapshotDataOrchestrator),
            new SnapshotDataInput(
                input.RunId, [.. input.Data], configuration.Container, input.Outline.RetainDays, input.Outline.TestRestore,
                TotalObjects: input.Objects, TotalBytes: input.Bytes),
            new SubOrchestrationOptions(instanceId: $"{context.InstanceId}:data"));
        return new SnapshotResult(configuration, data, test);
    }
}

/// <param name="Objects">As the plan counted them, for the progress alone.</param>
public sealed record SnapshotInput(string RunId, string Site, SnapshotOutline Outline, IReadOnlyList<DataSet> Data, long Objects = 0, long Bytes = 0);

/// <param name="ConfigurationTest">What of the configuration was restored and compared; null where no test restore was asked for.</param>
public sealed record SnapshotResult(ConfigurationSnapshot Configuration, SnapshotDataResult? Data, ConfigurationTest? ConfigurationTest = null);
