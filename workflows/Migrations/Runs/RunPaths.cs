namespace Orchestrator.Workflows.Migrations;

/// <summary>Where a run's documents stand in the state container.</summary>
public static class RunPaths
{
    public static string Spec(string id) => Of(id, "spec.json");

    public static string Plan(string id) => Of(id, "plan.json");

    public static string Verification(string id) => Of(id, "verification.json");

    public static string Journal(string id) => Of(id, "journal.json");

    public static string Audit(string id) => Of(id, "audit.jsonl");

    public static string ReportJson(string id) => Of(id, "report.json");

    public static string ReportMarkdown(string id) => Of(id, "report.md");

    public static string ReportHtml(string id) => Of(id, "report.html");

    /// <summary>Any other document of the run.</summary>
    public static string Of(string id, string name) => $"runs/{id}/{name}";
}
