using System.Text.Json.Serialization;

namespace Orchestrator.Workflows.Migrations;

/// <summary>
/// What somebody asks for, as API.md describes it, checked and with its defaults filled in. It stays in the run's documents;
/// what an orchestrator decides on travels as <see cref="MigrationInput"/>.
/// </summary>
public sealed record MigrationSpec
{
    /// <summary>The run's id; the edge makes one up where the caller names none.</summary>
    public string? Id { get; init; }

    public MigrationMode Mode { get; init; }

    public string? Reason { get; init; }

    public string? Ticket { get; init; }

    public string? Runbook { get; init; }

    /// <summary>The resource id of a Microsoft.Web/sites resource.</summary>
    public required string Site { get; init; }

    /// <summary>The slot that the new version is built up in.</summary>
    public string Slot { get; init; } = "migration";

    public required ReleaseSpec Release { get; init; }

    public IReadOnlyList<DataSpec> Data { get; init; } = [];

    public SnapshotSpec Snapshot { get; init; } = new();

    /// <summary>How the site is told to refuse writes; null where it cannot be told.</summary>
    public WritePauseSpec? WritePause { get; init; }

    public VerifySpec Verify { get; init; } = new();

    /// <summary>Who is asked; null where the spec says <c>"none"</c>, in so many words.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ApprovalSpec? Approval { get; init; }

    public WindowSpec? Window { get; init; }

    public TrafficSpec? Traffic { get; init; }

    public WatchSpec Watch { get; init; } = new();

    public RollbackSpec Rollback { get; init; } = new();

    public ProbeSpec Probe { get; init; } = new();

    public IReadOnlyList<NotifySpec> Notify { get; init; } = [];

    public ContactsSpec? Contacts { get; init; }
}
