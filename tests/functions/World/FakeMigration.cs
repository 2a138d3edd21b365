using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Tests.World;

/// <summary>Stands in for the migration: it shows what a test tells it to show, and notes the answers, decisions and cancellations that reach it as steps.</summary>
public static class FakeMigration
{
    public const string Say = "say";

    [Function(MigrationInput.Orchestrator)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, MigrationInput input)
    {
        var state = new RunState(RunStatus.Running, [], null, null, null, null, context.CurrentUtcDateTime);
        var said = context.WaitForExternalEvent<RunState>(Say);
        var answered = context.WaitForExternalEvent<ApprovalAnswer>(RunEvents.Approval);
        var cancelled = context.WaitForExternalEvent<CancelRequest>(RunEvents.Cancel);
        var decided = context.WaitForExternalEvent<DecisionAnswer>(RunEvents.Decision);
        var asked = context.WaitForExternalEvent<ControlRequest>(RunEvents.Control);
        while (!RunStatus.IsEnd(state.Status) || state.Rollback is not null)
        {
            var first = await Task.WhenAny(said, answered, decided, cancelled, asked);
            if (first == said)
            {
                state = await said;
                if (state.Status == "broken")
                    throw new InvalidOperationException($"MIG0777: {input.Id} broke with a secret");
                said = context.WaitForExternalEvent<RunState>(Say);
            }
            else if (first == answered)
            {
                var answer = await answered;
                state = Note(state, $"{answer.Decision} by {answer.Person} for {answer.ApprovalId} {answer.Digest} {answer.Comment}");
                answered = context.WaitForExternalEvent<ApprovalAnswer>(RunEvents.Approval);
            }
            else if (first == decided)
            {
                var decision = await decided;
                state = Note(state, $"{decision.Choice} by {decision.Person} for {decision.DecisionId}: {decision.Reason}");
                decided = context.WaitForExternalEvent<DecisionAnswer>(RunEvents.Decision);
            }
            else if (first == asked)
            {
                var request = await asked;
                state = Note(state, $"{request.Kind} by {request.Person}: {request.Reason}");
                asked = context.WaitForExternalEvent<ControlRequest>(RunEvents.Control);
            }
            else
            {
                var request = await cancelled;
                state = Note(state, $"cancelled by {request.Person}: {request.Reason}");
                cancelled = context.WaitForExternalEvent<CancelRequest>(RunEvents.Cancel);
            }

            context.SetCustomStatus(state);
        }
    }

    private static RunState Note(RunState state, string note) => state with { Steps = [.. state.Steps, new StepState(note, StepStatus.Succeeded)] };
}

/// <summary>Stands in for a step that runs as an instance of its own and tells its progress.</summary>
public static class FakeStep
{
    [Function(nameof(FakeStep))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, StepProgress progress)
    {
        context.SetCustomStatus(progress);
        await context.WaitForExternalEvent<string>("end");
    }
}
