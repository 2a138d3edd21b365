using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

/// <summary>Holds a run: no step begins until it is resumed, and a sync stops after the batches under way. The cut-over and the watch are not held.</summary>
public sealed class PauseMigration(ControlCalls calls, RunDocuments documents)
{
    [Function(nameof(PauseMigration))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/pause")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        calls.AskAsync(request, id, client, ControlRequest.Pause, (run, _) => run.HasBegun(StepNames.CutOver)
            ? "The cut-over has begun and is not held half way: postpone the swap, cancel, or roll back after it."
            : null, cancellationToken, () => documents.PutAsync(RunPaths.Pause(id), new PauseMark(true), cancellationToken));
}
