using Microsoft.DurableTask;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Execution;

/// <summary>How a task of an orchestrator ended.</summary>
/// <param name="Failure">Null in a failure of which nothing is known.</param>
internal readonly record struct TaskOutcome(int TaskId, bool Succeeded, string? Payload, TaskFailureDetails? Failure = null, bool NonRetriable = false);

/// <summary>How an execution ended.</summary>
internal sealed record ExecutionOutcome
{
    /// <summary>Null unless it failed.</summary>
    public ExecutionFailure? Failure { get; init; }

    public bool IsDivergence { get; init; }

    public string? Output { get; init; }

    public Continuation? ContinueAs { get; init; }
}

/// <param name="Details">Null: nothing is known but that it failed.</param>
internal sealed record ExecutionFailure(string Message, TaskFailureDetails? Details, bool NonRetriable = false);

/// <summary>What the next execution begins with.</summary>
/// <param name="Version">Null keeps it.</param>
/// <param name="Carried">Events that the ended execution did not take, oldest first.</param>
/// <param name="Started">Where the start of the ended execution came from.</param>
internal sealed record Continuation(string? Input, string? Version, IReadOnlyList<(string Name, string? Payload)> Carried, EventDetail? Started);
