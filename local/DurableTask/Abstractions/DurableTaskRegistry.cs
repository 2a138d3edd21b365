using Microsoft.DurableTask.Entities;

namespace Microsoft.DurableTask;

/// <summary>The orchestrators and activities that a worker runs, by name and version.</summary>
public sealed partial class DurableTaskRegistry
{
    internal Dictionary<TaskKey, Func<IServiceProvider, ITaskActivity>> ActivitiesByVersion { get; } = [];

    internal Dictionary<TaskKey, Func<IServiceProvider, ITaskOrchestrator>> OrchestratorsByVersion { get; } = [];

    // Extensions of the SDK are known to take these two by reflection, under these names and types.
    internal IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskActivity>>> Activities =>
        ActivitiesByVersion.Select(entry => KeyValuePair.Create(entry.Key.Name, entry.Value));

    internal IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskOrchestrator>>> Orchestrators =>
        OrchestratorsByVersion.Select(entry => KeyValuePair.Create(entry.Key.Name, entry.Value));

    private Dictionary<TaskName, Func<IServiceProvider, ITaskEntity>> Entities { get; } = [];

    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskOrchestrator>>> GetOrchestrators() => Orchestrators;

    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskActivity>>> GetActivities() => Activities;

    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskEntity>>> GetEntities() => Entities.Select(entry => entry);

    /// <summary>All that the workers of one process have. Of the same task in two of them the first counts.</summary>
    internal static DurableTaskRegistry Join(IEnumerable<DurableTaskRegistry> registries)
    {
        var all = new DurableTaskRegistry();
        foreach (var registry in registries)
        {
            foreach (var (key, factory) in registry.ActivitiesByVersion)
                all.ActivitiesByVersion.TryAdd(key, factory);
            foreach (var (key, factory) in registry.OrchestratorsByVersion)
                all.OrchestratorsByVersion.TryAdd(key, factory);
        }
        return all;
    }

#pragma warning disable CA2208, MA0015 // The public methods, which callers see, have a parameter of that name.
    private static void Add<TKey, TTask>(Dictionary<TKey, Func<IServiceProvider, TTask>> tasks, TKey key, Func<IServiceProvider, TTask> factory)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(factory);
        if (key is TaskKey { Name.Name: null } or TaskName { Name: null })
            throw new ArgumentException("A task needs a name.", "name");
        if (!tasks.TryAdd(key, factory))
            throw new ArgumentException($"A {typeof(TTask).Name} named '{key}' is already added.", "name");
    }
#pragma warning restore CA2208, MA0015
}
