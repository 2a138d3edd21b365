using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.CutOver;

/// <param name="PlannedDeploymentId">Of the content that production ran when the plan was made: what is live must still be that.</param>
/// <param name="WritePauseLimit">Null: the site cannot be told to pause writes, and moves no data.</param>
/// <param name="VerifiedUntil">When the verification that the cut-over relies on goes stale.</param>
public sealed record CutOverInput(
    SiteHold Hold, string Slot, string HostName, string SlotHostName, string? HealthCheckPath, string? PlannedDeploymentId, IReadOnlyList<DataSet> Data, TimeSpan? WritePauseLimit,
    DateTimeOffset? VerifiedUntil = null);

/// <param name="WritePause">From before the call that paused writes until after the one that resumed them.</param>
/// <param name="SwappedAt">When the new version was known to be live.</param>
public sealed record CutOverResult(Sides Sides, TimeSpan? WritePause, long FinalObjects, DateTimeOffset SwappedAt);

/// <summary>Which content ran where before the swap. They change places in it: the sign of which side is live.</summary>
public sealed record Sides(string Production, string Slot);

/// <param name="AskUntil">When the write pause has reached its limit: a swap that was not taken by then is not asked for again.</param>
public sealed record SwapOrder(SiteHold Hold, string Slot, Sides Sides, string? Operation = null, DateTimeOffset? AskUntil = null);

public sealed record PreviewOrder(SiteHold Hold, string Slot);

/// <param name="On">True: refuse writes; false: take them.</param>
public sealed record WritesOrder(SiteHold Hold, string HostName, bool On);

/// <param name="At">Just before the call for a pause, just after it for a resumption: so that a pause is never measured too short.</param>
public sealed record WritesAnswer(DateTimeOffset At);

/// <summary>The line that separates undoing from finishing.</summary>
/// <param name="Kind"><see cref="Begun"/>, <see cref="Swapped"/> or <see cref="Abandoned"/>.</param>
public sealed record JournalEntry(string RunId, string Kind, Sides Sides, DateTimeOffset At, long Fence)
{
    public const string Begun = "begun";
    public const string Swapped = "swapped";
    public const string Abandoned = "abandoned";
}

public static class CutOverCodes
{
    public const string SidesChanged = "MIG0300";
    public const string PauseTooLong = "MIG0301";
    public const string PauseRefused = "MIG0302";
    public const string DataNotEqual = "MIG0303";
    public const string SwapFailed = "MIG0304";
    public const string PreviewFailed = "MIG0306";
    public const string ChecksFailed = "MIG0307";
    public const string SwapUnknown = "MIG0308";
    public const string Conflicts = "MIG0309";
}
