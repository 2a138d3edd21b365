namespace Orchestrator.Workflows.Planning;

/// <summary>Why a plan is blocked. Each has its page under docs/errors.</summary>
public static class PlanCodes
{
    public const string SiteMissing = "MIG0201";
    public const string NoSlots = "MIG0202";
    public const string SlotExists = "MIG0203";
    public const string Locked = "MIG0204";
    public const string SettingDoesNotNameSource = "MIG0205";
    public const string SettingSticky = "MIG0206";
    public const string DataCannotBeCarried = "MIG0207";
    public const string PackageUnreachable = "MIG0208";
    public const string TemplateUnusable = "MIG0209";
    public const string TrafficSteps = "MIG0210";
    public const string SiteBusy = "MIG0211";
    public const string SlotQuota = "MIG0212";
    public const string NoWritePause = "MIG0213";
    public const string NoContent = "MIG0216";
    public const string NoActionGroup = "MIG0217";
}
