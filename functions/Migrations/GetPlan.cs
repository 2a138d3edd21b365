using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

public sealed class GetPlan(Edge edge, RunReader runs, EdgeDocuments documents)
{
    [Function(nameof(GetPlan))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}/plan")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        edge.AnswerAsync(request, Roles.Read, async _ =>
        {
            var past = await runs.DemandAsync(client, id, cancellationToken);
            var plan = await documents.ReadRawAsync(RunPaths.Plan(id), cancellationToken)
                ?? throw past?.Forgotten() ?? new ProblemException(ProblemKind.NoDocument, "The migration has no plan yet.");
            return new Answer(StatusCodes.Status200OK, plan, Answer.Json);
        }, cancellationToken);
}
