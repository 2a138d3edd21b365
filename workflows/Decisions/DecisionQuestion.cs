using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Decisions;

/// <summary>
/// Stops at a person: shows what went wrong and what can be chosen, tells those whom the spec names, and waits for one answer or a cancellation,
/// however long that takes. Runs inside the orchestrator that waits for the answers, which never continues as new.
/// </summary>
internal sealed class DecisionQuestion(RunProgress run, DecisionInbox inbox, string step, string severity, IReadOnlyList<string> choices, DecisionError error)
{
    private readonly string id = inbox.NewId();

    public async Task<DecisionOutcome> AskAsync(Task<CancelRequest> cancelled)
    {
        var question = new PendingDecision(id, step, severity, choices, error, run.Runbook, run.Now);
        try
        {
            run.StopAt(question);
            await run.TellAsync("decisionNeeded", $"{id}, {severity}, {step}: {error.Code}: {error.Detail}; choices: {string.Join(", ", choices)}", question);
            while (true)
            {
                if (await Task.WhenAny(cancelled, inbox.Next) == cancelled) return DecisionOutcome.Cancelled(question);
                var given = await inbox.TakeAsync();
                if (given.DecisionId == id && choices.Contains(given.Choice, StringComparer.Ordinal))
                {
                    await run.AuditAsync(given.Person, "decided", $"{id}: {given.Choice}: {given.Reason}");
                    return new DecisionOutcome(question, given.Choice, given.Person, given.Reason);
                }

                await run.AuditAsync(given.Person, "answerRefused", $"{given.Choice} for {given.DecisionId} does not count: another question, or not one of its choices");
            }
        }
        finally
        {
            run.StopAt(null);
        }
    }
}

/// <summary>How the question ended.</summary>
/// <param name="Choice">One of <see cref="DecisionChoice"/>; null where the run was cancelled meanwhile.</param>
internal sealed record DecisionOutcome(PendingDecision Question, string? Choice, string Person, string Reason)
{
    public static DecisionOutcome Cancelled(PendingDecision question) => new(question, Choice: null, "", "");

    public string Detail => Choice is null ? $"{Question.Error.Detail}; cancelled before anybody decided" : $"{Question.Error.Detail}; {Person} chose {Choice}: {Reason}";
}
