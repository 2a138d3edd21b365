using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Orchestrator.Local.DurableTask;

/// <summary>Runs the tasks of the registry, each activity in a service scope of its own. Exceptions keep their types.</summary>
internal sealed class RegistryInvoker(
    IServiceProvider services, IOptions<DurableTaskRegistry> registry, IOptions<LocalDurableTaskOptions> options) : ITaskInvoker
{
    private readonly DurableTaskFactory tasks = new(registry.Value);
    private readonly IExceptionPropertiesProvider? properties = services.GetService<IExceptionPropertiesProvider>();

    private DataConverter Converter => options.Value.DataConverter;

    public async Task<string?> RunOrchestratorAsync(OrchestratorInvocation invocation)
    {
        var context = invocation.Context;
        if (!tasks.TryCreateOrchestrator(context.Name, context.Version, services, out var orchestrator))
            throw new TaskNotFoundException(TaskKind.Orchestrator, context.Name);
        var input = Converter.Deserialize(invocation.Input, orchestrator.InputType);
        return Converter.Serialize(await orchestrator.RunAsync(context, input));
    }

    public async Task<string?> RunActivityAsync(ActivityInvocation invocation, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        if (!tasks.TryCreateActivity(invocation.Name, invocation.Version, scope.ServiceProvider, out var activity))
            throw new TaskNotFoundException(TaskKind.Activity, invocation.Name);
        var input = Converter.Deserialize(invocation.Input, activity.InputType);
        return Converter.Serialize(await activity.RunAsync(new LocalActivityContext(invocation, cancellationToken), input));
    }

    public TaskFailureDetails? DescribeFailure(TaskKind kind, Exception exception) => exception is TaskNotFoundException missing
        ? new TaskFailureDetails(missing.Kind == TaskKind.Activity ? "ActivityTaskNotFound" : "OrchestratorTaskNotFound", missing.Message, null, null, null)
        : TaskFailureDetails.FromException(exception, properties is null ? null : properties.GetExceptionProperties);
}
