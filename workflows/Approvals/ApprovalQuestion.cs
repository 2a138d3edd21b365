using Microsoft.DurableTask;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Approvals;

/// <summary>
/// Asks people, and waits: for the quorum of approvals, one rejection, the expiry or a cancellation. Runs inside the orchestrator
/// that waits for the answers. An answer to another digest, from somebody who may not, or a second one of the same person, does not count.
/// </summary>
internal sealed class ApprovalQuestion(
    TaskOrchestrationContext context, RunProgress run, EventInbox<ApprovalAnswer> inbox, ApprovalSpec approval, string requestedBy, string id, string digest)
{
    private readonly Dictionary<string, ApprovalAnswer> approvals = new(StringComparer.OrdinalIgnoreCase);

    public async Task<ApprovalOutcome> AskAsync(Task<CancelRequest> cancelled)
    {
        var asked = context.CurrentUtcDateTime;
        var expires = asked + approval.Timeout;
        using var ended = new CancellationTokenSource();
        var expiry = context.CreateTimer(expires, ended.Token);
        var escalation = approval.EscalateAfter is { } after && approval.EscalateTo.Count > 0 && after < approval.Timeout ? context.CreateTimer(asked + after, ended.Token) : null;
        var reminder = Reminder(asked, expires, ended.Token);
        var escalated = false;
        try
        {
            await run.TellAsync("approvalWanted", $"{approval.Quorum} of {string.Join(", ", approval.Approvers)} until {expires:O}; digest {digest}");
            while (true)
            {
                run.Ask(new PendingApproval(id, digest, expires, approvals.Count, approval.Quorum, asked));
                var first = await Task.WhenAny(new[] { cancelled, inbox.Next, expiry, escalation, reminder }.OfType<Task>());
                if (first == cancelled) return new ApprovalOutcome(ApprovalDecision.Cancelled, "cancelled while people were asked");
                if (first == expiry) return new ApprovalOutcome(ApprovalDecision.Expired, $"nobody answered for the quorum of {approval.Quorum} within {approval.Timeout}");
                if (first == inbox.Next)
                {
                    if (await JudgeAsync(await inbox.TakeAsync(), escalated) is { } outcome) return outcome;
                }
                else if (first == escalation)
                {
                    (escalated, escalation) = (true, null);
                    await run.TellAsync("approvalEscalated", $"to {string.Join(", ", approval.EscalateTo)}");
                }
                else
                {
                    reminder = Reminder(context.CurrentUtcDateTime, expires, ended.Token);
                    await run.TellAsync("approvalReminder", $"{approvals.Count} of {approval.Quorum} so far");
                }
            }
        }
        finally
        {
            // Timers that lost must not hold the run. Not CancelAsync: an orchestrator awaits durable tasks only.
            ended.Cancel();
            run.Ask(null);
        }
    }

    private Task? Reminder(DateTime from, DateTime expires, CancellationToken ended) =>
        approval.RemindEvery is { } every && from + every < expires ? context.CreateTimer(from + every, ended) : null;

    private async Task<ApprovalOutcome?> JudgeAsync(ApprovalAnswer given, bool escalated)
    {
        if (given.ApprovalId != id || given.Digest != digest || !ApprovalRules.MayAnswer(approval, requestedBy, given.Person, escalated))
        {
            await run.AuditAsync(given.Person, "answerRefused", $"{given.Decision} does not count: another question, another digest, or not an approver");
            return null;
        }
        await run.AuditAsync(given.Person, given.Decision == ApprovalAnswer.Approve ? "approved" : "rejected", given.Comment ?? "");
        if (given.Decision == ApprovalAnswer.Reject) return new ApprovalOutcome(ApprovalDecision.Rejected, $"{given.Person} rejected it{(given.Comment is null ? "" : $": {given.Comment}")}");
        approvals[given.Person] = given;
        return approvals.Count >= approval.Quorum ? new ApprovalOutcome(ApprovalDecision.Approved, string.Join(", ", approvals.Keys)) : null;
    }
}

/// <summary>How the question ended. <paramref name="Detail"/>: by whom, or why.</summary>
internal sealed record ApprovalOutcome(ApprovalDecision Decision, string Detail);

internal enum ApprovalDecision
{
    Approved,
    Rejected,
    Expired,
    Cancelled,
}
