using Microsoft.DurableTask;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Decisions;

/// <summary>
/// What people answer to the questions of one run. One wait stands at a time and is never cancelled: a wait that is cancelled can swallow the next
/// event, and an answer must not be lost. What a question leaves standing, the next one goes on with.
/// </summary>
internal sealed class DecisionInbox(TaskOrchestrationContext context)
{
    private Task<DecisionAnswer>? next;
    private int asked;

    /// <summary>Ends when an answer has come; it stays until it is taken.</summary>
    public Task<DecisionAnswer> Next => next ??= context.WaitForExternalEvent<DecisionAnswer>(RunEvents.Decision);

    public Task<DecisionAnswer> TakeAsync()
    {
        var taken = Next;
        next = null;
        return taken;
    }

    /// <summary>The run's id, a dot, the letter d and the number of the question in this run: <c>shop-v2.d1</c>.</summary>
    public string NewId() => $"{context.InstanceId}.d{++asked}";
}
