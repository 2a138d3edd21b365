using System.Text.Json;

namespace Orchestrator.Workflows.Migrations;

internal static class ApprovalReader
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public static ApprovalSpec? Read(ObjectReader root, string requester)
    {
        if (root.Any("approval") is not { } approval)
            return null;
        if (approval.ValueKind == JsonValueKind.Object)
            return root.Object("approval", reader => Rules(reader, requester));
        if (approval.ValueKind != JsonValueKind.String)
            root.Fault("approval", SpecCodes.WrongType, "An object or \"none\" is wanted.");
        else if (!approval.ValueEquals(ApprovalConverter.None))
            root.Fault("approval", SpecCodes.NotAllowed, "An object or \"none\" is wanted.");
        return null;
    }

    private static ApprovalSpec Rules(ObjectReader reader, string requester)
    {
        reader.Requires("approvers");
        var approval = new ApprovalSpec
        {
            Approvers = reader.Texts("approvers", maxCount: 100, StringComparer.OrdinalIgnoreCase, minCount: 1),
            Quorum = reader.Whole("quorum", otherwise: 1, min: 1, max: 100),
            Timeout = reader.Duration("timeout", Longest) ?? TimeSpan.FromDays(1),
            RemindEvery = reader.Duration("remindEvery", Longest),
            EscalateTo = reader.Texts("escalateTo", maxCount: 100, StringComparer.OrdinalIgnoreCase),
            EscalateAfter = reader.Duration("escalateAfter", Longest),
        };

        var able = approval.Approvers.Count(approver => !string.Equals(approver, requester, StringComparison.OrdinalIgnoreCase));
        if (approval.Approvers.Count > 0 && able < approval.Quorum)
        {
            var member = reader.Has("quorum") ? "quorum" : "approvers";
            reader.Fault(member, SpecCodes.QuorumOutOfReach, $"{approval.Quorum} must approve, and {able} can: whoever asks for a migration does not approve it.");
        }

        if (approval.EscalateTo.Count > 0 && !reader.Has("escalateAfter"))
            reader.Fault("escalateAfter", SpecCodes.Missing, "The member is required beside escalateTo.");
        if (approval.EscalateAfter >= approval.Timeout)
            reader.Fault("escalateAfter", SpecCodes.NotAllowed, "The time is up before that.");
        return approval;
    }
}
