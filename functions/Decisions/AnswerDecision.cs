using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Migrations;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Decisions;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Decisions;

/// <summary>
/// Hands a decision on to the run that stopped at a person. The first answer to a question is kept before it is handed on, and is the only one: sent
/// again by the same person it is accepted again, also when the first call broke off half way.
/// </summary>
public sealed class AnswerDecision(Edge edge, RunReader runs, EdgeDocuments documents, TimeProvider time, ILogger<AnswerDecision> logger)
{
    [Function(nameof(AnswerDecision))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "migrations/{id}/decisions/{decisionId}")] HttpRequest request,
        string id,
        string decisionId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        edge.AnswerAsync(request, Roles.Operate, async caller =>
        {
            var run = await runs.GetAsync(client, id, cancellationToken);
            var body = await RequestBody.ReadAsync(request, Body.Read, cancellationToken);
            var wanted = new DecisionAnswer(decisionId, caller.Person, body.Choice, body.Reason, time.GetUtcNow());
            var pending = run.View.PendingDecision is { } question && question.Id == decisionId ? question : null;
            var kept = await KeepAsync(id, wanted, pending, cancellationToken);

            // Also when it was kept by a call that never got here: the run takes the first and passes over the second.
            if (pending is not null) await client.RaiseEventAsync(id, RunEvents.Decision, kept, cancellationToken);
            if (!IsSame(kept, wanted))
                throw new ProblemException(ProblemKind.DecisionTaken, $"{kept.Person} has decided already: {kept.Choice}.");
            logger.DecisionTaken(caller.Person, decisionId, kept.Choice);
            return StartMigration.Accepted((await runs.GetAsync(client, id, cancellationToken)).View);
        }, cancellationToken);

    /// <returns>The answer that counts: the one wanted, or the one that came first.</returns>
    private async Task<DecisionAnswer> KeepAsync(string id, DecisionAnswer wanted, PendingDecision? pending, CancellationToken cancellationToken)
    {
        if (!IsQuestionOf(id, wanted.DecisionId)) throw NotPending();
        var path = RunPaths.Decision(id, wanted.DecisionId);
        if (await documents.ReadAsync<DecisionAnswer>(path, cancellationToken) is { } first) return first;
        if (pending is null) throw NotPending();
        if (!pending.Choices.Contains(wanted.Choice, StringComparer.Ordinal))
            throw new ProblemException(ProblemKind.ChoiceNotOffered, $"The choices here are: {string.Join(", ", pending.Choices)}.");
        return await documents.CreateAsync(path, wanted, cancellationToken) ? wanted : (await documents.ReadAsync<DecisionAnswer>(path, cancellationToken))!;
    }

    private static ProblemException NotPending() => new(ProblemKind.DecisionNotPending, "The migration waits for no such decision, or does so no longer.");

    private static bool IsQuestionOf(string id, string decisionId) =>
        decisionId.StartsWith($"{id}.d", StringComparison.Ordinal)
        && int.TryParse(decisionId.AsSpan(id.Length + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && decisionId == $"{id}.d{number}";

    private static bool IsSame(DecisionAnswer kept, DecisionAnswer wanted) =>
        kept.Choice == wanted.Choice && string.Equals(kept.Person, wanted.Person, StringComparison.OrdinalIgnoreCase);

    private sealed record Body(string Choice, string Reason)
    {
        public static Body Read(ObjectReader reader)
        {
            reader.Requires("choice", "reason");
            return new Body(
                reader.OneOf("choice", DecisionChoice.Retry, DecisionChoice.Skip, DecisionChoice.Done, DecisionChoice.Abort) ?? "",
                reader.Text("reason", maxLength: 1000) ?? "");
        }
    }
}
