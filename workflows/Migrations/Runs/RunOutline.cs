using Orchestrator.Workflows.Verification;

namespace Orchestrator.Workflows.Migrations;

/// <summary>The parts of a spec that the orchestrator itself decides on.</summary>
/// <param name="Approval">Null where nobody is to be asked.</param>
/// <param name="WritePauseLimit">Null where the site cannot be told to pause writes.</param>
/// <param name="Load">Null where the slot is not to be put under load.</param>
/// <param name="RollbackExpiresAfter">How long after a success there is a way back.</param>
/// <param name="Notifies">Whether anybody is to be told of what happens.</param>
/// <param name="ProbeRate">Probes of production a second; 0: none.</param>
public sealed record RunOutline(
    ApprovalSpec? Approval,
    WindowSpec? Window,
    WatchSpec Watch,
    TrafficSpec? Traffic,
    TimeSpan? WritePauseLimit,
    TimeSpan VerifyStaleAfter,
    SnapshotOutline Snapshot,
    IReadOnlyList<DataOutline> Data,
    bool HasTemplate,
    LoadLimits? Load = null,
    bool Notifies = false,
    TimeSpan RollbackExpiresAfter = default,
    string? Runbook = null,
    int ProbeRate = 0)
{
    public static RunOutline From(MigrationSpec spec) => new(
        spec.Approval,
        spec.Window,
        spec.Watch,
        spec.Traffic,
        spec.WritePause?.Limit,
        spec.Verify.StaleAfter,
        new SnapshotOutline(spec.Snapshot.Container is { } container ? WithoutQuery(container) : null, spec.Snapshot.RetainDays, spec.Snapshot.TestRestore),
        [.. spec.Data.Select(data => new DataOutline(data.Kind, data.Name, WithoutQuery(data.Source), WithoutQuery(data.Target), data.Setting, data.MaxLag, data.Reverse))],
        spec.Release.Template is not null,
        spec.Verify.Load is { } load ? new LoadLimits(load.Duration, load.ErrorRate, load.P95) : null,
        spec.Notify.Count > 0,
        spec.Rollback.ExpiresAfter,
        spec.Runbook is { } runbook ? WithoutQuery(runbook) : null,
        spec.Probe.Rate);

    // A query may be a shared access signature, and an input is readable by whoever reads the task hub.
    private static string WithoutQuery(string url) => new Uri(url, UriKind.Absolute).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}

/// <param name="Container">Null for the orchestrator's own.</param>
public sealed record SnapshotOutline(string? Container, int RetainDays, bool TestRestore);

/// <param name="Source">The container's URL without any query.</param>
/// <param name="Target">The container's URL without any query.</param>
/// <param name="Setting">The app setting that names the data.</param>
public sealed record DataOutline(string Kind, string Name, string Source, string Target, string? Setting, TimeSpan MaxLag, bool Reverse);
