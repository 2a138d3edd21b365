using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask.Entities;

namespace Microsoft.DurableTask.Worker;

/// <summary>The tasks of a registry.</summary>
internal sealed class DurableTaskFactory(DurableTaskRegistry registry) : IDurableTaskFactory2
{
    private readonly TaskTable<ITaskOrchestrator> orchestrators = new(registry.OrchestratorsByVersion);
    private readonly TaskTable<ITaskActivity> activities = new(registry.ActivitiesByVersion);
    private readonly Dictionary<TaskName, Func<IServiceProvider, ITaskEntity>> entities = new(registry.GetEntities());

    public bool TryCreateActivity(TaskName name, IServiceProvider serviceProvider, [NotNullWhen(true)] out ITaskActivity? activity) =>
        TryCreateActivity(name, default, serviceProvider, out activity);

    public bool TryCreateActivity(TaskName name, TaskVersion version, IServiceProvider services, [NotNullWhen(true)] out ITaskActivity? activity) =>
        TryCreate(activities.Find(name, version), services, out activity);

    public bool TryCreateOrchestrator(TaskName name, IServiceProvider serviceProvider, [NotNullWhen(true)] out ITaskOrchestrator? orchestrator) =>
        TryCreateOrchestrator(name, default, serviceProvider, out orchestrator);

    public bool TryCreateOrchestrator(
        TaskName name, TaskVersion version, IServiceProvider services, [NotNullWhen(true)] out ITaskOrchestrator? orchestrator) =>
        TryCreate(orchestrators.Find(name, version), services, out orchestrator);

    public bool TryCreateEntity(TaskName name, IServiceProvider serviceProvider, [NotNullWhen(true)] out ITaskEntity? entity) =>
        TryCreate(entities.GetValueOrDefault(name), serviceProvider, out entity);

    private static bool TryCreate<TTask>(Func<IServiceProvider, TTask>? create, IServiceProvider services, [NotNullWhen(true)] out TTask? task)
        where TTask : class
    {
        ArgumentNullException.ThrowIfNull(services);
        task = create?.Invoke(services);
        return task is not null;
    }

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
