using System.Text.Json.Serialization;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.CutOver;

/// <param name="PlannedDeploymentId">Of the content that production ran when the plan was made: what is live must still be that.</param>
/// <param name="WritePauseLimit">Null: the site cannot be told to pause writes, and moves no data.</param>
public sealed record CutOverInput(
    SiteHold Hold, string Slot, string HostName, string SlotHostName, string? HealthCheckPath, string? PlannedDeploymentId, IReadOnlyList<DataSet> Data, TimeSpan? WritePauseLimit);

/// <summary>What must hold for a cut-over beside the state of the site itself.</summary>
/// <param name="VerifiedUntil">When the verification that it relies on goes stale.</param>
/// <param name="ApprovedDigest">What people approved; null where nobody was to be asked.</param>
/// <param name="Digest">Of the plan and the verification that stand now.</param>
/// <param name="WayBackTried">The data sets whose way back was tried.</param>
/// <param name="Needed">How long the change takes by the estimate.</param>
public sealed record CutOverTerms(
    DateTimeOffset VerifiedUntil, string? ApprovedDigest, string Digest, IReadOnlyList<string> WayBackTried, WindowSpec? Window, TimeSpan Needed);

/// <param name="Copied">How the last pass over each data set ended.</param>
public sealed record ReadinessOrder(CutOverInput CutOver, CutOverTerms Terms, IReadOnlyList<DataSetSync> Copied);

/// <summary>Why a cut-over does not begin. Nothing was changed for it.</summary>
public sealed record Refusal(string Code, string Detail);

/// <param name="Round">1 for the first preparation of a run; a later one has its own child instances.</param>
/// <param name="TotalObjects">As the plan counted them, for the progress alone.</param>
public sealed record PrepareInput(CutOverInput CutOver, CutOverTerms Terms, int Round, long TotalObjects, long TotalBytes);

/// <param name="Refusal">Set where the cut-over does not begin; the sides are known otherwise.</param>
public sealed record PrepareResult(Sides? Sides, Refusal? Refusal);

/// <summary>Which content ran where before a swap. They change places in it: the sign of which side is live.</summary>
public sealed record Sides(string Production, string Slot)
{
    public Sides AfterSwap() => new(Production: Slot, Slot: Production);
}

[JsonConverter(typeof(JsonStringEnumConverter<SwapDirection>))]
public enum SwapDirection
{
    /// <summary>The slot's content, the new version, is made live.</summary>
    Forward,

    /// <summary>The old version, which waits in the slot since the cut-over, is made live again.</summary>
    Back,
}

/// <param name="Sides">What production and the slot run before the swap.</param>
/// <param name="Attempt">1 for the first; what was restored is tried again.</param>
/// <param name="PauseLimit">Past it, before the journal entry, everything is restored.</param>
/// <param name="Settles">A swap was asked for and it is not known how it went: only that is found out, and finished.</param>
public sealed record SwapOverInput(CutOverInput CutOver, SwapDirection Direction, Sides Sides, int Attempt, TimeSpan? PauseLimit, bool Settles = false);

/// <param name="WritePause">From before the call that paused writes until after the one that resumed them.</param>
/// <param name="Carried">Objects that were carried since the preparation ended.</param>
/// <param name="SwappedAt">When the new side was known to be live.</param>
/// <param name="ResumedAt">When it took writes again; null where they were not paused, or it is not known.</param>
/// <param name="Unfinished">What belongs to the swap and did not succeed after it: the side is live, and this is still to be done.</param>
public sealed record SwapOverResult(
    Sides Sides, TimeSpan? WritePause, long Carried, DateTimeOffset? PausedAt, DateTimeOffset SwappedAt, DateTimeOffset? ResumedAt, IReadOnlyList<UnfinishedCall> Unfinished);

/// <param name="Activity">What failed.</param>
/// <param name="Data">The data set that it is about; null where it is about the site.</param>
public sealed record UnfinishedCall(string Activity, string? Data, string Code, string Detail);

/// <param name="AskUntil">When the write pause has reached its limit: a swap that was not taken by then is not asked for again.</param>
/// <param name="Attempt">Each attempt asks anew, at most twice.</param>
public sealed record SwapOrder(SiteHold Hold, string Slot, Sides Sides, string? Operation = null, DateTimeOffset? AskUntil = null, int Attempt = 1);

public sealed record PreviewOrder(SiteHold Hold, string Slot);

/// <param name="On">True: refuse writes; false: take them.</param>
public sealed record WritesOrder(SiteHold Hold, string HostName, bool On);

/// <param name="At">Just before the call for a pause, just after it for a resumption: so that a pause is never measured too short.</param>
/// <param name="Seen">The spec names a probe, and it saw that writes are refused.</param>
public sealed record WritesAnswer(DateTimeOffset At, bool Seen = false);

/// <summary>The line that separates undoing from finishing.</summary>
/// <param name="Kind"><see cref="Begun"/>, <see cref="Done"/> or <see cref="Abandoned"/>.</param>
/// <param name="Sides">What production and the slot ran before the swap.</param>
public sealed record JournalEntry(
    string RunId, string Kind, Sides Sides, DateTimeOffset At, long Fence, SwapDirection Direction = SwapDirection.Forward, int Attempt = 1)
{
    public const string Begun = "begun";
    public const string Done = "swapped";
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
    public const string CopyIncomplete = "MIG0310";
    public const string Lags = "MIG0311";
    public const string NotApproved = "MIG0312";
    public const string WindowClosed = "MIG0313";
    public const string Locked = "MIG0314";
    public const string OtherSwap = "MIG0315";
    public const string NotWarm = "MIG0316";
    public const string WayBackNotTried = "MIG0317";
    public const string PauseNotSeen = "MIG0318";
    public const string ReverseLags = "MIG0319";

    /// <summary>A pause did not come about, or would have taken too long: everything was restored, and it can be tried again.</summary>
    public static bool IsPauseTrouble(string code) => code is PauseTooLong or PauseRefused or PauseNotSeen or ReverseLags;
}
