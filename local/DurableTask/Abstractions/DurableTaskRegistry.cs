using Microsoft.DurableTask.Entities;

namespace Microsoft.DurableTask;

/// <summary>The orchestrators and activities that a worker runs, by name and version.</summary>
public sealed partial class DurableTaskRegistry
{
    internal Dictionary<TaskKey, Func<IServiceProvider, ITaskActivity>> Activities { get; } = [];

    internal Dictionary<TaskKey, Func<IServiceProvider, ITaskOrchestrator>> Orchestrators { get; } = [];

    private Dictionary<TaskName, Func<IServiceProvider, ITaskEntity>> Entities { get; } = [];

    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskOrchestrator>>> GetOrchestrators() =>
        Orchestrators.Select(entry => KeyValuePair.Create(entry.Key.Name, entry.Value));

    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskActivity>>> GetActivities() =>
        Activities.Select(entry => KeyValuePair.Create(entry.Key.Name, entry.Value));

    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskEntity>>> GetEntities() => Entities.Select(entry => entry);

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
