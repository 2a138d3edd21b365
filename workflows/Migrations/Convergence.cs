using Microsoft.DurableTask;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Migrations;

/// <summary>
/// What an activity says that names a state wanted and looks whether it is there: done, or look again after a pause.
/// </summary>
/// <param name="Operation">The address of a long operation under way; handed back to the activity at its next look.</param>
/// <param name="Seen">What was seen instead of the state wanted, for the failure's text.</param>
public sealed record Convergence(bool Done, TimeSpan LookAgainIn, string? Operation = null, string? Seen = null)
{
    public static Convergence Reached { get; } = new(Done: true, TimeSpan.Zero);
}

/// <summary>Calls such an activity until it is done; the pauses are durable timers, so nothing is held while waiting.</summary>
public static class Converge
{
    /// <param name="input">The activity's input, made from the operation that its last answer named.</param>
    /// <exception cref="PermanentFailureException"><paramref name="code"/>: the state was not there within <paramref name="limit"/>.</exception>
    public static async Task UntilAsync(
        TaskOrchestrationContext context, string activity, Func<string?, object> input, TimeSpan limit, string code, TaskOptions retry)
    {
        var deadline = context.CurrentUtcDateTime + limit;
        string? operation = null;
        while (true)
        {
            var answer = await context.CallActivityAsync<Convergence>(activity, input(operation), retry);
            if (answer.Done) return;
            if (context.CurrentUtcDateTime + answer.LookAgainIn > deadline)
                throw new PermanentFailureException(code, $"{activity} did not reach its state within {limit}; last seen: {answer.Seen ?? "nothing"}.");
            operation = answer.Operation;
            await context.CreateTimer(answer.LookAgainIn, CancellationToken.None);
        }
    }
}
