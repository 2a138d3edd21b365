using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;

namespace Orchestrator.Functions.Migrations;

public sealed class ListMigrations(Edge edge, RunLister lister)
{
    [Function(nameof(ListMigrations))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        edge.AnswerAsync(request, Roles.Read, async _ =>
        {
            var query = RunQuery.Parse(request.Query);
            var (runs, next) = await lister.ListAsync(client, query, cancellationToken);
            var nextLink = next is { } cursor ? $"/api/migrations{query.With(cursor)}" : null;
            return Answer.Of(new RunList([.. runs.Select(run => run.View)], nextLink));
        }, cancellationToken);

    private sealed record RunList(IReadOnlyList<RunView> Value, string? NextLink);
}
