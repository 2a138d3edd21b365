using Orchestrator.Workflows.Azure.Arm;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Migrations;
using Orchestrator.Workflows.Watching;

namespace Orchestrator.Workflows.Traffic;

/// <param name="PausesWrites">The spec names how the site is told to refuse writes. Demanded where there is data.</param>
/// <param name="From">Null at the beginning; else the place of a result that asked, with the choice of whoever was asked.</param>
public sealed record TrafficInput(
    SiteHold Hold, string Slot, string HostName, string SlotHostName, IReadOnlyList<DataSet> Data, bool PausesWrites, TrafficSpec Traffic, TrafficPlace? From = null);

/// <param name="Outcome">One of <see cref="TrafficOutcome"/>.</param>
/// <param name="Steps">What was seen at each step, those on the way back included.</param>
/// <param name="Data">What was carried in both directions.</param>
/// <param name="Place">Where a later call goes on; set where people are to be asked.</param>
/// <param name="Code">Why it went back or asks; null where all passed.</param>
/// <param name="Drained">Whether the platform's figures showed that the slot got no request any more; null where they told nothing.</param>
public sealed record TrafficResult(
    string Outcome, IReadOnlyList<TrafficReading> Steps, IReadOnlyList<SharedTurn> Data, TrafficPlace? Place = null, string? Code = null, string? Why = null,
    bool? Drained = null)
{
    /// <summary>The first objects that both sides changed: they are kept on both, and so the targets must be.</summary>
    public IReadOnlyList<string> Conflicts => [.. Data.SelectMany(turn => turn.ConflictNames.Select(name => $"{turn.Name}: {name}"))];
}

public static class TrafficOutcome
{
    /// <summary>All steps held. Nobody is routed to the slot any more, its writes are paused, the targets are private copies again, in step up to what production wrote since.</summary>
    public const string Passed = "passed";

    /// <summary>Nobody is routed to the slot any more, its writes are paused, and production has every write but those of conflicts.</summary>
    public const string WentBack = "wentBack";

    /// <summary>People are to be asked. Clients stay where they are.</summary>
    public const string Asks = "asks";
}

/// <summary>One step, as it was when it ended.</summary>
/// <param name="Outcome">One of <see cref="GateOutcome"/>, or <see cref="TrafficGates.Inconclusive"/>, or <see cref="GoingBack"/>.</param>
/// <param name="Slot">The platform's figures of the new version, from <paramref name="From"/> on.</param>
/// <param name="Production">Those of the old version in the same time.</param>
/// <param name="Decision">What followed, where it was not the gates that decided.</param>
public sealed record TrafficReading(
    int Percent, DateTimeOffset From, DateTimeOffset To, string Outcome, IReadOnlyList<GateReading> Gates, SiteTraffic? Slot, SiteTraffic? Production, string? Decision = null)
{
    public const string GoingBack = "goingBack";
}

/// <summary>Where the steps stand: what a call that goes on, and the orchestrator as it continues as new, needs to know.</summary>
/// <param name="Key">Names the time in which the targets are shared.</param>
/// <param name="Step">The step under way; below zero where all were taken back.</param>
/// <param name="Since">When the step's percentage was read back; null before that.</param>
/// <param name="IsFailing">A gate failed at the last look.</param>
/// <param name="Outcome">How it will end; null while it rises.</param>
/// <param name="Question">So many times people were asked.</param>
/// <param name="IsAsking">They are being asked: the step holds and the passes run until a choice comes.</param>
/// <param name="Choice">Set by the caller: <see cref="TrafficChoice"/>. Left null, it is waited for inside, and comes by <see cref="AnswerTraffic"/>.</param>
/// <param name="Chooser">Who chose, and why, for the record.</param>
public sealed record TrafficPlace(
    string Key, string Phase, int Step, IReadOnlyList<TrafficReading> Steps, IReadOnlyList<SharedTurn> Turns, DateTimeOffset? Since = null, DateTimeOffset? HoldEnds = null,
    bool IsFailing = false, string? Outcome = null, string? Code = null, string? Why = null, DateTimeOffset? ClearedAt = null, bool DrainSettled = false, bool? Drained = null,
    DateTimeOffset? PausedAt = null, int Question = 0, bool IsAsking = false, string? Choice = null, string? Chooser = null)
{
    public const string Rising = "rising";
    public const string Falling = "falling";
    public const string Ending = "ending";
}

public static class TrafficChoice
{
    /// <summary>The step is taken for passed; the slot for drained.</summary>
    public const string GoOn = "goOn";

    /// <summary>All clients back to the old version, a step at a time.</summary>
    public const string GoBack = "goBack";
}

/// <summary>Whose turn it is in a data set that customers write to on both sides, and what was carried so far.</summary>
/// <param name="Back">The next batch goes from the target to the source.</param>
/// <param name="Settles">Full passes back, until one leaves nothing.</param>
/// <param name="Moved">Carried and left in the pass under way.</param>
/// <param name="There">Objects carried and deleted from the source to the target.</param>
/// <param name="Home">Objects carried and deleted from the target to the source.</param>
/// <param name="LongestLag">The furthest that one side was behind the other at the end of a pass.</param>
public sealed record SharedTurn(
    string Name, bool Back = false, string? Cursor = null, bool Settles = false, bool Settled = false, long Moved = 0, long There = 0, long Home = 0, TimeSpan LongestLag = default,
    IReadOnlyList<string>? Conflicts = null)
{
    public IReadOnlyList<string> ConflictNames => Conflicts ?? [];
}

/// <summary>The percentage wanted for a slot. Of no account for <see cref="ClearTraffic"/>: there our rule is to be gone.</summary>
public sealed record RampOrder(SiteHold Hold, string Slot, string? SlotHostName = null, int Percent = 0);

public sealed record TrafficGateOrder(string Site, string Slot, IReadOnlyList<GateSpec> Gates, DateTimeOffset From, DateTimeOffset To);

/// <param name="Outcome">The worst of the gates: failed, noData, inconclusive, passed.</param>
public sealed record TrafficFigures(string Outcome, IReadOnlyList<GateReading> Gates, SiteTraffic Slot, SiteTraffic Production);

public sealed record DrainOrder(string Site, string Slot, DateTimeOffset From, DateTimeOffset To);

/// <param name="Drained">Null where the figures tell nothing.</param>
public sealed record DrainReading(bool? Drained, double? Requests);

public sealed record StopTrafficOrder(string RunId, string Reason);

/// <param name="Question">The number in the place of the result that asked.</param>
/// <param name="Choice">One of <see cref="TrafficChoice"/>.</param>
/// <param name="Chooser">Who chose, and why.</param>
public sealed record AnswerTrafficOrder(string RunId, int Question, string Choice, string Chooser);

public sealed record TrafficWishesOrder(string RunId, int Question);

/// <summary>What people want of the steps under way.</summary>
public sealed record TrafficWishes(string? Stop, AnswerTrafficOrder? Answer);

/// <summary>What the steps show of themselves while they run, as custom status.</summary>
public sealed record TrafficStatus(string Phase, int Percent, DateTimeOffset? HoldEnds, bool IsAsking, string? Why);

public static class TrafficCodes
{
    public const string RulesOfOthers = "MIG0340";
    public const string Conflict = "MIG0343";
    public const string GateFailed = "MIG0344";
    public const string NothingToJudge = "MIG0345";
    public const string NotSettled = "MIG0346";
    public const string NotTakenBack = "MIG0347";
    public const string Stopped = "MIG0348";
    public const string NotDrained = "MIG0349";
}
