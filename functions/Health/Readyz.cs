using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Health;

/// <summary>Says whether a run could be started now: the engine's store and the blobs are reachable.</summary>
public sealed class Readyz(Edge edge, IDocumentStore documents, ILogger<Readyz> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Function(nameof(Readyz))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "readyz")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        edge.OpenAsync(request, async () =>
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            await DemandAsync("store", () => client.GetInstanceAsync("readyz", patience.Token));
            await DemandAsync("blobs", () => documents.CheckAsync(patience.Token));
            return Answer.Of(new Readiness("ready"));
        });

    private async Task DemandAsync(string part, Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (Exception unreachable)
        {
            logger.NotReady(unreachable, part);
            throw new ProblemException(ProblemKind.NotReady, $"Not reachable: {part}.");
        }
    }

    private sealed record Readiness(string Status);
}
