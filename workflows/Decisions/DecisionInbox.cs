using Microsoft.DurableTask;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Decisions;

/// <summary>What people answer to the questions of one run.</summary>
internal sealed class DecisionInbox(TaskOrchestrationContext context) : EventInbox<DecisionAnswer>(context, RunEvents.Decision)
{
    private readonly string run = context.InstanceId;
    private int asked;

    /// <summary>The run's id, a dot, the letter d and the number of the question in this run: <c>shop-v2.d1</c>.</summary>
    public string NewId() => $"{run}.d{++asked}";
}
