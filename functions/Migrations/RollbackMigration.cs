using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>Makes the old version live again, with everything that was written since the cut-over: while the run is watching, and until its way back expires.</summary>
public sealed class RollbackMigration(ControlCalls calls)
{
    [Function(nameof(RollbackMigration))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/rollback")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        calls.AskAsync(request, id, client, ControlRequest.Rollback, (run, now) =>
            run.Rollback is not { } way ? "There is no way back now: nothing was swapped yet, it has expired, or not all data is copied back (reverse: false)."
            : way.ExpiresAt <= now ? $"The way back expired at {way.ExpiresAt:O}."
            : null, cancellationToken);
}
