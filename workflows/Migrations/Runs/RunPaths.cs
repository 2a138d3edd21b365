namespace Orchestrator.Workflows.Migrations;

/// <summary>Where a run's documents stand in the state container.</summary>
public static class RunPaths
{
    private const string AuditName = "audit.jsonl";

    public static string Spec(string id) => Of(id, "spec.json");

    public static string Plan(string id) => Of(id, "plan.json");

    public static string Verification(string id) => Of(id, "verification.json");

    /// <summary>Leads to every difference that a verification found.</summary>
    public static string Differences(string id, int verification) => Of(id, $"verification/{verification}/differences.json");

    /// <summary>How far a running step is, a <see cref="ProgressDocument"/>.</summary>
    public static string Progress(string id, string step) => Of(id, $"progress/{step}.json");

    /// <summary>How fast the run may copy, a <see cref="SyncThrottle"/>; none until somebody throttles it.</summary>
    public static string Throttle(string id) => Of(id, "control/throttle.json");

    /// <summary>The first answer to a question, which is the one that counts.</summary>
    public static string Decision(string id, string decisionId) => Of(id, $"decisions/{decisionId}.json");

    /// <summary>Whether the run is paused, for batches that are to end early: a <see cref="PauseMark"/>.</summary>
    public static string Pause(string id) => Of(id, "control/pause.json");

    public static string Journal(string id) => Of(id, "journal.json");

    public static string Audit(string id) => Of(id, AuditName);

    public static bool IsAudit(string path) => path.EndsWith($"/{AuditName}", StringComparison.Ordinal);

    public static string ReportJson(string id) => Of(id, "report.json");

    public static string ReportMarkdown(string id) => Of(id, "report.md");

    public static string ReportHtml(string id) => Of(id, "report.html");

    /// <summary>Any other document of the run.</summary>
    public static string Of(string id, string name) => $"runs/{id}/{name}";
}
