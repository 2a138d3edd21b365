namespace Orchestrator.Workflows.Migrations;

/// <summary>
/// What a migration's orchestrator starts with: what it decides on, and nothing secret. Everything else is read from the run's
/// documents by the activities that need it.
/// </summary>
/// <param name="Slot">The slot that the new version is built up in.</param>
/// <param name="Version">The version of the orchestrator that the run began with.</param>
public sealed record MigrationInput(
    string Id,
    MigrationMode Mode,
    string Site,
    string Slot,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    string? Reason,
    RunOutline Outline,
    string Version = MigrationInput.CurrentVersion)
{
    /// <summary>The name of the orchestrator that takes this input.</summary>
    public const string Orchestrator = "MigrationOrchestrator";

    public const string CurrentVersion = "1.0";

    public static MigrationInput From(MigrationSpec spec, string id, string person, DateTimeOffset now) =>
        new(id, spec.Mode, spec.Site, spec.Slot, person, now, spec.Reason, RunOutline.From(spec));
}
