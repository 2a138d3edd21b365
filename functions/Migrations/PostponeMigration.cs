using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>Lets everything go on but the swap, which waits until the run is resumed.</summary>
public sealed class PostponeMigration(ControlCalls calls)
{
    [Function(nameof(PostponeMigration))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/postpone")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        calls.AskAsync(request, id, client, ControlRequest.Postpone, (run, _) => run.HasBegun(StepNames.CutOver) && !run.CanStopSwap()
            ? "The swap has begun, or is done."
            : null, cancellationToken);
}
