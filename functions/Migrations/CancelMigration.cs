using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>Asks a run to stop and to undo what it did. Once the swap has begun it only finishes or goes back.</summary>
public sealed class CancelMigration(Edge edge, RunReader runs, TimeProvider time, ILogger<CancelMigration> logger)
{
    [Function(nameof(CancelMigration))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/cancel")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        edge.AnswerAsync(request, Roles.Operate, async caller =>
        {
            var run = await runs.GetAsync(client, id, cancellationToken);
            var reason = await RequestBody.ReadAsync(request, body => body.Requires("reason").Text("reason", maxLength: 1000) ?? "", cancellationToken);
            if (Objection(run.View) is { } objection)
                throw new ProblemException(ProblemKind.WrongState, objection);

            await client.RaiseEventAsync(id, RunEvents.Cancel, new CancelRequest(caller.Person, reason, time.GetUtcNow()), cancellationToken);
            logger.CancelRequested(caller.Person, id);
            return StartMigration.Accepted((await runs.GetAsync(client, id, cancellationToken)).View);
        }, cancellationToken);

    private static string? Objection(RunView run)
    {
        if (RunStatus.IsEnd(run.Status))
            return $"The migration has ended: {run.Status}.";
        if (run.Status == RunStatus.Compensating)
            return "The migration is undoing what it did already.";
        return run.HasBegun(StepNames.CutOver) && !run.CanStopSwap()
            ? "The swap has begun; from here the migration finishes, or goes back: while it is watching, a rollback can be asked for."
            : null;
    }
}
