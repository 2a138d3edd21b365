using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Watching;
using Orchestrator.Workflows.WayBack;

namespace Orchestrator.Workflows.Migrations;

/// <summary>How a run's way forward ended.</summary>
/// <param name="Status">What the run ends as when everything that is to be undone is undone.</param>
/// <param name="Undo">Whether the saga is to be run.</param>
internal sealed record Ending(string Status, bool Undo, RunFailure? Failure = null)
{
    /// <summary>The old version's figures until the cut-over; null where there was none.</summary>
    public SiteTraffic? Before { get; init; }

    public SiteTraffic? After { get; init; }

    public WatchResult? Watch { get; init; }

    /// <summary>Open still after a success; null where there is none.</summary>
    public OpenWayBack? WayBack { get; init; }

    /// <summary>What stays on purpose, to be named in the report.</summary>
    public IReadOnlyList<LeftBehind> Kept { get; init; } = [];
}
