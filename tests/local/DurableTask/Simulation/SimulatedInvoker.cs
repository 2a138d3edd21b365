using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>Runs plans, and their activities on what is outside.</summary>
internal sealed class SimulatedInvoker(Outside outside) : ITaskInvoker
{
    public async Task<string?> RunOrchestratorAsync(OrchestratorInvocation invocation)
    {
        var run = JsonDataConverter.Default.Deserialize<PlanRun>(invocation.Input)!;
        return JsonDataConverter.Default.Serialize(await new PlanOrchestrator(invocation.Context, run).RunAsync());
    }

    public async Task<string?> RunActivityAsync(ActivityInvocation invocation, CancellationToken cancellationToken)
    {
        var job = JsonDataConverter.Default.Deserialize<Job>(invocation.Input)!;
        return JsonDataConverter.Default.Serialize(await outside.WorkAsync(invocation.TaskId, job, cancellationToken));
    }

    public TaskFailureDetails? DescribeFailure(TaskKind kind, Exception exception) => TaskFailureDetails.FromException(exception);
}
