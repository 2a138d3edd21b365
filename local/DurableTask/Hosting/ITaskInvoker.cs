using Microsoft.DurableTask;

namespace Orchestrator.Local.DurableTask;

/// <summary>
/// How the engine runs application code. The one that is registered before the engine wins; without one, tasks come from
/// the <see cref="DurableTaskRegistry"/>.
/// </summary>
public interface ITaskInvoker
{
    /// <summary>
    /// Runs an orchestrator on its own thread. Whatever is awaited here must complete at once or be a task of the
    /// context; anything else fails the instance.
    /// </summary>
    /// <returns>The serialized output.</returns>
    /// <exception cref="TaskNotFoundException">There is no such orchestrator.</exception>
    Task<string?> RunOrchestratorAsync(OrchestratorInvocation invocation);

    /// <param name="cancellationToken">Cancelled when the orchestration is terminated, and when a stop no longer waits.</param>
    /// <returns>The serialized output.</returns>
    /// <exception cref="TaskNotFoundException">There is no such activity.</exception>
    Task<string?> RunActivityAsync(ActivityInvocation invocation, CancellationToken cancellationToken);

    /// <summary>What the caller of a failed task, or whoever reads a failed instance, gets to know of the exception.</summary>
    /// <returns>Null: that it failed, and nothing else.</returns>
    TaskFailureDetails? DescribeFailure(TaskKind kind, Exception exception);
}

public enum TaskKind
{
    Activity,
    Orchestrator,
}

/// <param name="Input">As serialized by the caller; null without one.</param>
public sealed record OrchestratorInvocation(TaskOrchestrationContext Context, string? Input);

/// <param name="InstanceId">The orchestration that called.</param>
/// <param name="TaskId">With the instance id, names the call: the same each time that it is delivered again.</param>
/// <param name="Delivery">1 the first time.</param>
/// <param name="Input">As serialized by the caller; null without one.</param>
public sealed record ActivityInvocation(
    string InstanceId, TaskName Name, string Version, int TaskId, int Delivery, string? Input, IReadOnlyDictionary<string, string> Tags);

/// <summary>No such orchestrator or activity. It is not tried again, whatever the retry policy.</summary>
public sealed class TaskNotFoundException(TaskKind kind, string name)
    : Exception(kind == TaskKind.Activity ? $"No activity task named '{name}' was found." : $"No orchestrator task named '{name}' was found.")
{
    public TaskKind Kind { get; } = kind;
}
