namespace Microsoft.DurableTask.Worker;

/// <summary>
/// The orchestrations and activities that a worker takes; the others wait in the store for a start of one that does. A kind
/// without any filter is not filtered.
/// </summary>
public class DurableTaskWorkerWorkItemFilters
{
    public IReadOnlyList<OrchestrationFilter> Orchestrations { get; set; } = [];

    public IReadOnlyList<ActivityFilter> Activities { get; set; } = [];

    public IReadOnlyList<EntityFilter> Entities { get; set; } = [];

    internal bool IsEmpty => Orchestrations.Count + Activities.Count + Entities.Count == 0;

    /// <summary>Lets through what is registered, and of a worker that runs one version only, that version.</summary>
    internal static DurableTaskWorkerWorkItemFilters Of(DurableTaskRegistry registry, DurableTaskWorkerOptions.VersioningOptions? versioning)
    {
        List<string>? only = versioning?.MatchStrategy == DurableTaskWorkerOptions.VersionMatchStrategy.Strict ? [versioning.Version ?? ""] : null;
        return new DurableTaskWorkerWorkItemFilters
        {
            Orchestrations = [.. ByName(registry.OrchestratorsByVersion.Keys).Select(task => new OrchestrationFilter(task.Key, only ?? Versions(task)))],
            Activities = [.. ByName(registry.ActivitiesByVersion.Keys).Select(task => new ActivityFilter(task.Key, only ?? Versions(task)))],
            Entities = [.. registry.GetEntities().Select(entity => new EntityFilter(entity.Key.Name))],
        };
    }

    /// <summary>Lets through what any of the workers takes.</summary>
    internal static DurableTaskWorkerWorkItemFilters Join(IReadOnlyCollection<DurableTaskWorkerWorkItemFilters> workers) => workers.Any(worker => worker.IsEmpty)
        ? new()
        : new()
        {
            Orchestrations = [.. workers.SelectMany(worker => worker.Orchestrations)],
            Activities = [.. workers.SelectMany(worker => worker.Activities)],
            Entities = [.. workers.SelectMany(worker => worker.Entities)],
        };

    internal void Take(DurableTaskWorkerWorkItemFilters given) =>
        (Orchestrations, Activities, Entities) = (given.Orchestrations, given.Activities, given.Entities);

    internal bool TakesOrchestration(string name, string version) =>
        Orchestrations.Count == 0 || Orchestrations.Any(filter => Matches(filter.Name, filter.Versions, name, version));

    internal bool TakesActivity(string name, string version) =>
        Activities.Count == 0 || Activities.Any(filter => Matches(filter.Name, filter.Versions, name, version));

    private static bool Matches(string filter, IReadOnlyList<string> versions, string name, string version) =>
        string.Equals(filter, name, StringComparison.OrdinalIgnoreCase) && (versions.Count == 0 || versions.Contains(version, StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<IGrouping<string, TaskKey>> ByName(IEnumerable<TaskKey> keys) =>
        keys.GroupBy(key => key.Name.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>A task without versions serves them all.</summary>
    private static List<string> Versions(IEnumerable<TaskKey> keys)
    {
        var versions = keys.Select(key => key.Version.Version).Order(StringComparer.OrdinalIgnoreCase).ToList();
        return versions is [""] ? [] : versions;
    }

#pragma warning disable CA1815 // No equality in the real API.

    /// <param name="versions">Null or empty: all.</param>
    public readonly struct OrchestrationFilter(string name, IReadOnlyList<string>? versions)
    {
        public OrchestrationFilter()
            : this(string.Empty, [])
        {
        }

        public string Name { get; init; } = name;

        public IReadOnlyList<string> Versions { get; init; } = versions ?? [];
    }

    /// <param name="versions">Null or empty: all.</param>
    public readonly struct ActivityFilter(string name, IReadOnlyList<string>? versions)
    {
        public ActivityFilter()
            : this(string.Empty, [])
        {
        }

        public string Name { get; init; } = name;

        public IReadOnlyList<string> Versions { get; init; } = versions ?? [];
    }

    /// <summary>Without effect here: entities are not run.</summary>
    public readonly struct EntityFilter(string name)
    {
        public EntityFilter()
            : this(string.Empty)
        {
        }

        public string Name { get; init; } = name;
    }
#pragma warning restore CA1815
}
