using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Notifications;

/// <param name="Key">Made of the instance id and a number: the receivers' means to tell a repetition.</param>
/// <param name="What">The event: <c>stepSucceeded</c>, <c>approvalWanted</c>, <c>ended</c> and so on, as in the audit log.</param>
/// <param name="Decision">Set with <c>decisionNeeded</c>.</param>
public sealed record NotificationOrder(string RunId, string Key, string What, string Detail, DateTimeOffset At, PendingDecision? Decision = null);
