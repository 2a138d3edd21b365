using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Migrations;
using Orchestrator.Functions.Problems;
using Orchestrator.Workflows.Approvals;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Functions.Approvals;

/// <summary>Hands an answer on to the run that asked. The run judges it again: between here and there the question may have changed.</summary>
public sealed class AnswerApproval(Edge edge, RunReader runs, TimeProvider time, ILogger<AnswerApproval> logger)
{
    [Function(nameof(AnswerApproval))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "approvals/{approvalId}")] HttpRequest request,
        string approvalId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        edge.AnswerAsync(request, Roles.Approve, async caller =>
        {
            var run = await FindAsync(client, approvalId, cancellationToken);
            var body = await RequestBody.ReadAsync(request, Body.Read, cancellationToken);
            DemandApprover(run, caller);
            DemandPending(run, approvalId, body.Digest);

            var answer = new ApprovalAnswer(approvalId, caller.Person, body.Decision, body.Comment, body.Digest, time.GetUtcNow());
            await client.RaiseEventAsync(run.View.Id, RunEvents.Approval, answer, cancellationToken);
            logger.ApprovalAnswered(caller.Person, approvalId, body.Decision);
            return StartMigration.Accepted((await runs.GetAsync(client, run.View.Id, cancellationToken)).View);
        }, cancellationToken);

    private async Task<Run> FindAsync(DurableTaskClient client, string approvalId, CancellationToken cancellationToken)
    {
        var dot = approvalId.LastIndexOf('.');
        var numbered = dot > 0 && int.TryParse(approvalId.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        var run = numbered ? await runs.LookUpAsync(client, approvalId[..dot], cancellationToken) : null;
        return run?.Input.Outline.Approval is null ? throw new ProblemException(ProblemKind.NoSuchApproval, "No migration asks for this approval.") : run;
    }

    private void DemandApprover(Run run, Caller caller)
    {
        var rules = run.Input.Outline.Approval!;
        if (ApprovalRules.IsRequester(run.Input.RequestedBy, caller.Person))
            throw new ProblemException(ProblemKind.Requester, $"{caller.Person} asked for the migration; another person has to approve it.");
        var escalated = rules.EscalateAfter is { } after && run.View.PendingApproval is { } pending && time.GetUtcNow() >= pending.ExpiresAt - rules.Timeout + after;
        if (!ApprovalRules.MayAnswer(rules, run.Input.RequestedBy, caller.Person, escalated))
            throw new ProblemException(ProblemKind.NotAnApprover, $"{caller.Person} is not one of the approvers that the migration names.");
    }

    private void DemandPending(Run run, string approvalId, string digest)
    {
        if (run.View.PendingApproval is not { } pending || pending.Id != approvalId)
            throw new ProblemException(ProblemKind.NotPending, $"The approval was answered, or its time was up, or it was not asked for yet; the migration is {run.View.Status}.");
        if (time.GetUtcNow() >= pending.ExpiresAt)
            throw new ProblemException(ProblemKind.NotPending, "The time for an answer is up.");
        if (!string.Equals(pending.Digest, digest, StringComparison.Ordinal))
            throw new ProblemException(ProblemKind.OtherDigest, "The digest is not the one that stands now: look at the plan and the verification again.");
    }

    private sealed record Body(string Decision, string? Comment, string Digest)
    {
        public static Body Read(ObjectReader reader)
        {
            reader.Requires("decision", "digest");
            return new Body(reader.OneOf("decision", ApprovalAnswer.Approve, ApprovalAnswer.Reject) ?? "", reader.Text("comment", maxLength: 2000), reader.Text("digest") ?? "");
        }
    }
}
