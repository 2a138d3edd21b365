using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Orchestrator.Local.Functions.Hosting;

namespace Orchestrator.Local.Functions.Durable;

/// <summary>
/// The client that functions get, with the limits of the one on Functions: it knows which orchestrators there are, drops a start's time,
/// tags and version, and neither restarts, rewinds nor reads histories.
/// </summary>
internal sealed class FunctionsDurableClient(DurableTaskClient engine, string hub, TaskFunctions functions, ILogger<FunctionsDurableClient> logger)
    : DurableTaskClient(hub)
{
    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        if (functions.Orchestrator(orchestratorName) is null)
            throw new ArgumentException($"There is no orchestrator function named '{orchestratorName}'.", nameof(orchestratorName));
        if (options is { StartAt: not null } or { Tags.Count: > 0 } or { Version: not null })
            logger.StartOptionsDropped(orchestratorName);
        var kept = new StartOrchestrationOptions(options?.InstanceId) { DedupeStatuses = options?.DedupeStatuses };
        return engine.ScheduleNewOrchestrationInstanceAsync(orchestratorName, input, kept, cancellation);
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) =>
        engine.RaiseEventAsync(instanceId, eventName, eventPayload, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        engine.WaitForInstanceStartAsync(instanceId, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        engine.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs, cancellation);

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        engine.TerminateInstanceAsync(instanceId, options, cancellation);

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        engine.SuspendInstanceAsync(instanceId, reason, cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        engine.ResumeInstanceAsync(instanceId, reason, cancellation);

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        engine.GetInstancesAsync(instanceId, getInputsAndOutputs, cancellation);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => engine.GetAllInstancesAsync(filter);

    public override Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        engine.PurgeInstanceAsync(instanceId, options, cancellation);

    public override Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        engine.PurgeAllInstancesAsync(filter, options, cancellation);

    // The engine's client lives as long as the host.
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
