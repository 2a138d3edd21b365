using System.Collections.Immutable;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Orchestrator.Local.DurableTask;
using Orchestrator.Local.Functions.Discovery;
using Orchestrator.Local.Functions.Hosting;
using Orchestrator.Local.Functions.Invocation;

namespace Orchestrator.Local.Functions.Durable;

/// <summary>Runs the app's orchestrators and activities for the engine.</summary>
internal sealed class FunctionTaskInvoker(
    TaskFunctions functions, FunctionPipeline pipeline, DataConverter converter, ILogger<FunctionTaskInvoker> logger) : ITaskInvoker
{
    public async Task<string?> RunOrchestratorAsync(OrchestratorInvocation invocation)
    {
        var function = functions.Orchestrator(invocation.Context.Name)
            ?? throw new TaskNotFoundException(TaskKind.Orchestrator, invocation.Context.Name);
        var inputType = function.Parameters.FirstOrDefault(parameter => parameter.Source is ParameterSource.Input)?.Type;
        var request = new InvocationRequest
        {
            TriggerValue = _ => invocation.Context,
            Input = inputType is null ? null : converter.Deserialize(invocation.Input, inputType),
        };
        return converter.Serialize(await pipeline.RunOrchestratorAsync(function, request));
    }

    public Task<string?> RunActivityAsync(ActivityInvocation invocation, CancellationToken cancellationToken)
    {
        var function = functions.Activity(invocation.Name) ?? throw new TaskNotFoundException(TaskKind.Activity, invocation.Name);
        var request = new InvocationRequest
        {
            TriggerValue = type => converter.Deserialize(invocation.Input, type),
            BindingData = ImmutableDictionary.Create<string, object?>(StringComparer.OrdinalIgnoreCase).Add("instanceId", invocation.InstanceId),
        };
        return pipeline.RunAsync(function, request, context => Task.FromResult(converter.Serialize(context.Outcome.Value)), cancellationToken);
    }

    public TaskFailureDetails? DescribeFailure(TaskKind kind, Exception exception)
    {
        if (exception is TaskNotFoundException)
            return null;
        if (kind is TaskKind.Orchestrator)
            return TaskFailureDetails.FromException(exception);
        logger.ActivityFailed(exception);
        return ActivityFailure.Describe(exception);
    }
}
