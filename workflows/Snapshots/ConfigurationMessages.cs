using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Snapshots;

/// <param name="Container">Null: the orchestrator's own.</param>
/// <param name="Name">What tells this snapshot from others of the run.</param>
/// <param name="RetainUntil">Until then the store is asked to let nobody change or delete it; null: it is not asked.</param>
public sealed record ConfigurationOrder(string RunId, string Site, string? Container, string Name = ConfigurationOrder.BeforeRun, DateTime? RetainUntil = null)
{
    public const string BeforeRun = "configuration";
    public const string BeforeTemplate = "configuration-before-template";
    public const string AfterTemplate = "configuration-after-template";

    public static string BlobOf(string runId, string name) => $"{runId}/{name}.json";
}

/// <param name="Container">Where the snapshot is kept, also of the data.</param>
/// <param name="Immutable">The store lets nobody change or delete it before its retention ends.</param>
public sealed record ConfigurationSnapshot(string Container, string Blob, string Sha256, long Bytes, bool Immutable = false);

public sealed record TestConfigurationOrder(string RunId, string Site, ConfigurationSnapshot Snapshot);

/// <summary>How many members were restored into a scratch site and compared with the real one's.</summary>
public sealed record ConfigurationTest(int AppSettings, int ConnectionStrings, int Config, int StickyNames)
{
    public int Members => AppSettings + ConnectionStrings + Config + StickyNames;
}

/// <summary>What a site's configuration is to be again.</summary>
/// <param name="Container">Null: the orchestrator's own.</param>
/// <param name="Wanted">Name of the snapshot of the state that is wanted. Where there is none, nothing is done.</param>
/// <param name="Left">
/// Name of a snapshot of what the change that is to be undone left: only members that are still so are restored, what somebody has set since is kept. Null:
/// every member is restored.
/// </param>
public sealed record RestoreConfigurationOrder(SiteHold Hold, string? Container, string Wanted = ConfigurationOrder.BeforeRun, string? Left = null);

/// <param name="Restored">The members that were written, by name.</param>
public sealed record RestoredConfiguration(IReadOnlyList<string> Restored);
