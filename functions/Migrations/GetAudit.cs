using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

public sealed class GetAudit(Edge edge, RunReader runs, EdgeDocuments documents)
{
    [Function(nameof(GetAudit))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/audit")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        edge.AnswerAsync(request, Roles.Read, async _ =>
        {
            var past = await runs.DemandAsync(client, id, cancellationToken);
            var audit = await documents.ReadRawAsync(RunPaths.Audit(id), cancellationToken)
                ?? throw past?.Forgotten() ?? new ProblemException(ProblemKind.NoDocument, "The migration has no audit log yet.");
            return new Answer(StatusCodes.Status200OK, audit, "application/x-ndjson; charset=utf-8");
        }, cancellationToken);
}
