using Microsoft.DurableTask;
using Orchestrator.Local.Functions.Discovery;

namespace Orchestrator.Local.Functions.Durable;

/// <summary>The app's orchestrators and activities by the names they are called by, upper and lower case alike.</summary>
internal sealed class TaskFunctions(IReadOnlyList<FoundFunction> functions)
{
    private readonly Dictionary<TaskName, FoundFunction> orchestrators = ByName(functions, TriggerKind.Orchestration);
    private readonly Dictionary<TaskName, FoundFunction> activities = ByName(functions, TriggerKind.Activity);

    public FoundFunction? Orchestrator(TaskName name) => orchestrators.GetValueOrDefault(name);

    public FoundFunction? Activity(TaskName name) => activities.GetValueOrDefault(name);

    private static Dictionary<TaskName, FoundFunction> ByName(IEnumerable<FoundFunction> functions, TriggerKind kind) =>
        functions.Where(function => function.Kind == kind).ToDictionary(function => new TaskName(function.TaskName));
}
