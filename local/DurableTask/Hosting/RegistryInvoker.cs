using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Orchestrator.Local.DurableTask;

/// <summary>Runs the tasks of the registry, each activity in a service scope of its own. Exceptions keep their types.</summary>
internal sealed class RegistryInvoker(
    IServiceProvider services, IOptions<DurableTaskRegistry> registry, IOptions<LocalDurableTaskOptions> options) : ITaskInvoker
{
    private readonly TaskTable<ITaskOrchestrator> orchestrators = new(registry.Value.Orchestrators);
    private readonly TaskTable<ITaskActivity> activities = new(registry.Value.Activities);

    private DataConverter Converter => options.Value.DataConverter;

    public async Task<string?> RunOrchestratorAsync(OrchestratorInvocation invocation)
    {
        var context = invocation.Context;
        var create = orchestrators.Find(context.Name, context.Version) ?? throw new TaskNotFoundException(TaskKind.Orchestrator, context.Name);
        var orchestrator = create(services);
        var input = Converter.Deserialize(invocation.Input, orchestrator.InputType);
        return Converter.Serialize(await orchestrator.RunAsync(context, input));
    }

    public async Task<string?> RunActivityAsync(ActivityInvocation invocation, CancellationToken cancellationToken)
    {
        var create = activities.Find(invocation.Name, invocation.Version) ?? throw new TaskNotFoundException(TaskKind.Activity, invocation.Name);
        await using var scope = services.CreateAsyncScope();
        var activity = create(scope.ServiceProvider);
        var input = Converter.Deserialize(invocation.Input, activity.InputType);
        return Converter.Serialize(await activity.RunAsync(new LocalActivityContext(invocation, cancellationToken), input));
    }

    public TaskFailureDetails? DescribeFailure(TaskKind kind, Exception exception) => exception is TaskNotFoundException missing
        ? new TaskFailureDetails(missing.Kind == TaskKind.Activity ? "ActivityTaskNotFound" : "OrchestratorTaskNotFound", missing.Message, null, null, null)
        : TaskFailureDetails.FromException(exception);

    /// <summary>
    /// Finds the exact version; a name that is registered without versions only serves every version, and one that has
    /// versions never falls back to another.
    /// </summary>
    private sealed class TaskTable<TTask>(Dictionary<TaskKey, Func<IServiceProvider, TTask>> tasks)
    {
        private readonly HashSet<TaskName> versioned = [.. tasks.Keys.Where(key => key.Version != TaskVersion.Unversioned).Select(key => key.Name)];

        public Func<IServiceProvider, TTask>? Find(TaskName name, TaskVersion version) =>
            tasks.GetValueOrDefault(new TaskKey(name, version))
            ?? (versioned.Contains(name) ? null : tasks.GetValueOrDefault(new TaskKey(name, default)));
    }
}
