using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>Ends a pause and a postponement of the swap.</summary>
public sealed class ResumeMigration(ControlCalls calls, RunDocuments documents)
{
    [Function(nameof(ResumeMigration))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/resume")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        calls.AskAsync(request, id, client, ControlRequest.Resume, static (_, _) => null, cancellationToken,
            () => documents.PutAsync(RunPaths.Pause(id), new PauseMark(false), cancellationToken));
}
