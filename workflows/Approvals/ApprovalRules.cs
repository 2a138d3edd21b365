using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Approvals;

/// <summary>Who may answer. The edge asks before it hands an answer on, the orchestrator again before it counts it.</summary>
public static class ApprovalRules
{
    /// <param name="escalated">Whether the people of <see cref="ApprovalSpec.EscalateTo"/> may answer by now.</param>
    public static bool MayAnswer(ApprovalSpec approval, string requestedBy, string person, bool escalated) =>
        !IsRequester(requestedBy, person)
        && (approval.Approvers.Contains(person, StringComparer.OrdinalIgnoreCase) || (escalated && approval.EscalateTo.Contains(person, StringComparer.OrdinalIgnoreCase)));

    public static bool IsRequester(string requestedBy, string person) => string.Equals(requestedBy, person, StringComparison.OrdinalIgnoreCase);
}
