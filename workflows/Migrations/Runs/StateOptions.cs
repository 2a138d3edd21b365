using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Workflows.Migrations;

/// <summary>Where the orchestrator keeps its runs' documents. Section <c>State</c>.</summary>
public sealed class StateOptions
{
    public const string Section = "State";

    /// <summary>The URL of a blob container; it is created when it is missing. Specs and snapshots in it hold settings' values: guard it.</summary>
    [Required, Url]
    public string Container { get; init; } = "";

    /// <summary>The URL of a blob container for the audit logs, one that keeps every version for instance. Default: they are with the other documents.</summary>
    [Url]
    public string? AuditContainer { get; init; }
}
