namespace Orchestrator.Workflows.Approvals;

public static class ApprovalCodes
{
    public const string Rejected = "MIG0260";
    public const string Expired = "MIG0261";
    public const string Cancelled = "MIG0262";
}
