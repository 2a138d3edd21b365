using Microsoft.Extensions.Options;

namespace Microsoft.DurableTask.Worker;

/// <summary>Refuses filters for tasks that the worker does not have: they would keep it from running anything.</summary>
internal sealed class WorkItemFiltersValidator(IOptionsMonitor<DurableTaskRegistry> registries) : IValidateOptions<DurableTaskWorkerWorkItemFilters>
{
    public ValidateOptionsResult Validate(string? name, DurableTaskWorkerWorkItemFilters options)
    {
        // It is asked about every worker, also those that have no filters.
        if (options.IsEmpty)
            return ValidateOptionsResult.Skip;
        var registry = registries.Get(name);
        var unknown = Unknown("Orchestrations", options.Orchestrations.Select(filter => filter.Name), registry.GetOrchestrators().Select(task => task.Key))
            + Unknown("Activities", options.Activities.Select(filter => filter.Name), registry.GetActivities().Select(task => task.Key))
            + Unknown("Entities", options.Entities.Select(filter => filter.Name), registry.GetEntities().Select(task => task.Key));
        return unknown.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"The work item filters of worker '{(string.IsNullOrEmpty(name) ? "<default>" : name)}' name tasks that are not registered. " +
                $"Register them or remove them from the filters.{unknown}");
    }

    private static string Unknown(string kind, IEnumerable<string> names, IEnumerable<TaskName> registered)
    {
        var unknown = names.Where(name => !registered.Contains(new TaskName(name))).Select(name => name.Length == 0 ? "<empty>" : name).ToList();
        return unknown.Count == 0 ? "" : $" {kind}: [{string.Join(", ", unknown)}]";
    }
}
