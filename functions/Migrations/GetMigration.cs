using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Net.Http.Headers;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Migrations;

public sealed class GetMigration(Edge edge, RunReader runs, TimeProvider time)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    [Function(nameof(GetMigration))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "migrations/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        edge.AnswerAsync(request, Roles.Read, async _ =>
        {
            var known = request.GetTypedHeaders().IfNoneMatch;
            var seen = Seen.Of(await runs.GetAsync(client, id, cancellationToken));
            var wait = Wait(request);
            if (wait > TimeSpan.Zero)
                seen = await WaitAsync(client, id, seen, known.Count > 0 ? known : [seen.Tag], wait, cancellationToken);

            var answer = IsKnown(known, seen)
                ? new Answer(StatusCodes.Status304NotModified, default, contentType: null)
                : new Answer(StatusCodes.Status200OK, seen.Body, Answer.Json);
            return answer.With("ETag", seen.Tag.ToString());
        }, cancellationToken);

    private async Task<Seen> WaitAsync(DurableTaskClient client, string id, Seen seen, IList<EntityTagHeaderValue> known, TimeSpan wait, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + wait;
        using var glances = new PeriodicTimer(Glance, time);
        while (IsKnown(known, seen) && !RunStatus.IsEnd(seen.Status) && time.GetUtcNow() < until && await glances.WaitForNextTickAsync(cancellationToken))
            seen = Seen.Of(await runs.GetAsync(client, id, cancellationToken));
        return seen;
    }

    private static TimeSpan Wait(HttpRequest request)
    {
        var values = request.Query["wait"];
        if (values.Count == 0)
            return TimeSpan.Zero;
        if (values is [var text] && IsoDuration.TryParse(text, out var wait))
            return wait > LongestWait ? LongestWait : wait;
        throw new ProblemException(ProblemKind.WrongQuery, "wait is an ISO 8601 duration such as PT20S.");
    }

    private static bool IsKnown(IList<EntityTagHeaderValue> known, Seen seen) => known.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(seen.Tag, useStrongComparison: false));

    private sealed record Seen(byte[] Body, EntityTagHeaderValue Tag, string Status)
    {
        public static Seen Of(Run run)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(run.View, SpecJson.Options);
            return new Seen(body, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\""), run.View.Status);
        }
    }
}
