using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrator.Functions.Http;
using Orchestrator.Functions.Identity;
using Orchestrator.Functions.Migrations;
using Orchestrator.Functions.Problems;

namespace Orchestrator.Functions.Approvals;

/// <summary>What waits for an answer. A GET never gives one: mail scanners open links.</summary>
public sealed class ListApprovals(Edge edge, RunLister lister)
{
    [Function(nameof(ListApprovals))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "approvals")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        edge.AnswerAsync(request, [Roles.Read, Roles.Approve], async _ =>
        {
            if (request.Query["status"] is not ([] or ["pending"]))
                throw new ProblemException(ProblemKind.WrongQuery, "status is pending: what was answered stands in the audit log of its migration.");
            var pending = new List<ApprovalView>();
            await foreach (var run in lister.RunningAsync(client, cancellationToken))
            {
                if (ApprovalView.Of(run) is { } approval)
                    pending.Add(approval);
            }

            return Answer.Of(new ApprovalList([.. pending.OrderBy(approval => approval.ExpiresAt)]));
        }, cancellationToken);

    private sealed record ApprovalList(IReadOnlyList<ApprovalView> Value);
}
