using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>What the calls have in common that ask something of a run while it works: who, why, whether its state allows it, and the event.</summary>
public sealed class ControlCalls(Edge edge, RunReader runs, TimeProvider time, ILogger<ControlCalls> logger)
{
    /// <param name="objection">Says why the run's state does not allow it; null where it does.</param>
    /// <param name="allowed">Done before the event is sent.</param>
    internal Task<IResult> AskAsync(
        HttpRequest request, string id, DurableTaskClient client, string kind, Func<RunView, DateTimeOffset, string?> objection, CancellationToken cancellationToken,
        Func<Task>? allowed = null) =>
        edge.AnswerAsync(request, Roles.Operate, async caller =>
        {
            var run = await runs.GetAsync(client, id, cancellationToken);
            var reason = await RequestBody.ReadAsync(request, body => body.Requires("reason").Text("reason", maxLength: 1000) ?? "", cancellationToken);
            if ((Ended(run.View, kind) ?? objection(run.View, time.GetUtcNow())) is { } detail)
                throw new ProblemException(ProblemKind.WrongState, detail);

            if (allowed is not null) await allowed();
            await client.RaiseEventAsync(id, RunEvents.Control, new ControlRequest(kind, caller.Person, reason, time.GetUtcNow()), cancellationToken);
            logger.ControlRequested(caller.Person, kind, id);
            return StartMigration.Accepted((await runs.GetAsync(client, id, cancellationToken)).View);
        }, cancellationToken);

    // A run that has succeeded can still be rolled back.
    private static string? Ended(RunView run, string kind)
    {
        if (RunStatus.IsEnd(run.Status) && !(kind == ControlRequest.Rollback && run.Status == RunStatus.Succeeded))
            return $"The migration has ended: {run.Status}.";
        return run.Status == RunStatus.Compensating ? "The migration is undoing what it did already." : null;
    }
}
