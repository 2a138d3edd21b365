using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Problems;

namespace Orchestrator.Functions.Migrations;

public sealed class StartMigration(Edge edge, RunStarter starter)
{
    private const string KeyHeader = "Idempotency-Key";

    [Function(nameof(StartMigration))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        edge.AnswerAsync(request, Roles.Start, async caller =>
        {
            var key = Key(request);
            var body = await RequestBody.ReadAsync(request, cancellationToken);
            return Accepted(await starter.StartAsync(client, caller, body, key, cancellationToken));
        }, cancellationToken);

    internal static Answer Accepted(RunView run) => Answer.Of(run, StatusCodes.Status202Accepted).With("Location", run.Links.Self).With("Retry-After", "2");

    private static string? Key(HttpRequest request)
    {
        var values = request.Headers[KeyHeader];
        if (values.Count == 0)
            return null;
        if (values is [{ Length: > 0 and <= 255 } key] && key.All(character => character is > ' ' and <= '~'))
            return key;
        throw new ProblemException(ProblemKind.WrongHeader, $"{KeyHeader} is one value of 1 to 255 visible ASCII characters.");
    }
}
