using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orchestrator.Local.DurableTask;

/// <summary>Runs the tasks of the registries, each activity in a service scope of its own. Exceptions keep their types.</summary>
internal sealed class RegistryInvoker(
    IServiceProvider services, IOptions<DurableTaskRegistry> registry, IOptions<LocalDurableTaskOptions> options, ILoggerFactory loggers) : ITaskInvoker
{
    private readonly DurableTaskFactory tasks = new(DurableTaskRegistry.Join([registry.Value, .. RegistriesByName(services)]));
    private readonly ILogger orchestrations = loggers.CreateLogger(WorkerLog.Orchestrations);
    private readonly ILogger activities = loggers.CreateLogger(WorkerLog.Activities);
    private readonly IExceptionPropertiesProvider? properties = services.GetService<IExceptionPropertiesProvider>();

    private DataConverter Converter => options.Value.DataConverter;

    public async Task<string?> RunOrchestratorAsync(OrchestratorInvocation invocation)
    {
        var context = invocation.Context;
        if (!tasks.TryCreateOrchestrator(context.Name, context.Version, services, out var orchestrator))
            throw new TaskNotFoundException(TaskKind.Orchestrator, context.Name);
        if (!context.IsReplayingNow)
            orchestrations.OrchestrationStarted(context.Name, context.InstanceId);
        try
        {
            var input = Converter.Deserialize(invocation.Input, orchestrator.InputType);
            var output = Converter.Serialize(await orchestrator.RunAsync(context, input));
            if (!context.IsReplayingNow)
                orchestrations.OrchestrationCompleted(context.Name, context.InstanceId);
            return output;
        }
        catch (Exception cause)
        {
            if (!context.IsReplayingNow)
                orchestrations.OrchestrationFailed(cause, context.Name, context.InstanceId);
            throw;
        }
    }

    public async Task<string?> RunActivityAsync(ActivityInvocation invocation, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        if (!tasks.TryCreateActivity(invocation.Name, invocation.Version, scope.ServiceProvider, out var activity))
            throw new TaskNotFoundException(TaskKind.Activity, invocation.Name);
        activities.ActivityStarted(invocation.Name, invocation.InstanceId);
        try
        {
            var input = Converter.Deserialize(invocation.Input, activity.InputType);
            var output = Converter.Serialize(await activity.RunAsync(new LocalActivityContext(invocation, cancellationToken), input));
            activities.ActivityCompleted(invocation.Name, invocation.InstanceId);
            return output;
        }
        catch (Exception cause)
        {
            activities.ActivityFailed(cause, invocation.Name, invocation.InstanceId);
            throw;
        }
    }

    public TaskFailureDetails? DescribeFailure(TaskKind kind, Exception exception) => exception is TaskNotFoundException missing
        ? new TaskFailureDetails(missing.Kind == TaskKind.Activity ? "ActivityTaskNotFound" : "OrchestratorTaskNotFound", missing.Message, null, null, null)
        : TaskFailureDetails.FromException(exception, properties is null ? null : properties.GetExceptionProperties);

    private static IEnumerable<DurableTaskRegistry> RegistriesByName(IServiceProvider services) =>
        from worker in services.GetServices<RegisteredBuilder<IDurableTaskWorkerBuilder>>()
        where worker.Name != Options.DefaultName
        select services.GetRequiredService<IOptionsMonitor<DurableTaskRegistry>>().Get(worker.Name);
}
