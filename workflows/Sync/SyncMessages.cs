using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Sync;

/// <param name="TotalObjects">As the plan counted them, for the progress alone.</param>
/// <param name="Progress">Set when the orchestrator continues as new, or goes on after a person has decided so.</param>
/// <param name="Pausable">Whether it stops while the run is paused.</param>
public sealed record SyncInput(string RunId, DataSet[] Data, long TotalObjects, long TotalBytes, DataSetProgress[]? Progress = null, bool Pausable = false);

/// <param name="Stalled">Set where a source changes faster than it can be copied: not all is in step.</param>
/// <param name="Remaining">Where to go on from, once a person has decided so; set with <paramref name="Stalled"/> and <paramref name="Paused"/>.</param>
/// <param name="Paused">Somebody has paused the run: not all is in step.</param>
public sealed record SyncResult(DataSetSync[] Data, SyncStall? Stalled = null, DataSetProgress[]? Remaining = null, bool Paused = false)
{
    public long Objects => Data.Sum(data => data.Objects);

    public long Bytes => Data.Sum(data => data.Bytes);
}

/// <summary>A data set whose passes no longer come closer to its source, and what the last one was like.</summary>
public sealed record SyncStall(string Data, int Pass, long Objects, long Bytes, TimeSpan Lag, TimeSpan MaxLag)
{
    public override string ToString() =>
        $"data '{Data}' changes faster than it can be copied: pass {Pass} moved {Objects} objects of {Bytes} bytes and ended {Lag.TotalSeconds:0.0} s behind, "
        + $"where {MaxLag.TotalSeconds:0.###} s are allowed, and the last passes came no closer";
}

/// <param name="Objects">Objects copied, each as often as it was.</param>
/// <param name="Lag">How far the target was behind the source when the last pass ended, at most.</param>
public sealed record DataSetSync(string Name, long Objects, long Bytes, long Deleted, int Passes, TimeSpan Lag, long PutBack = 0);

/// <summary>Where the passes over one data set stand.</summary>
/// <param name="PassMoved">Objects copied and deleted in the pass under way.</param>
/// <param name="Examined">Objects seen in the first pass.</param>
/// <param name="Lanes">The ranges that are carried side by side; absent until the data set is divided.</param>
/// <param name="Conflicts">Objects changed on both sides, in the pass under way.</param>
/// <param name="PutBack">What something else had changed at the target and the passes put back.</param>
/// <param name="BytesBefore">Bytes copied before the pass under way.</param>
/// <param name="InStepUntil">Every change at the source before this is at the target; absent in the first pass.</param>
public sealed record DataSetProgress(
    string Name,
    int Pass = 1,
    long PassMoved = 0,
    long Examined = 0,
    long Objects = 0,
    long Bytes = 0,
    long Deleted = 0,
    TimeSpan Lag = default,
    bool Done = false,
    LaneProgress[]? Lanes = null,
    long Conflicts = 0,
    string? FirstConflict = null,
    long PutBack = 0,
    long BytesBefore = 0,
    PassTrend? Trend = null,
    DateTimeOffset? InStepUntil = null);

/// <summary>Where the pass under way stands in one range of a data set.</summary>
/// <param name="Examined">Objects seen in the first pass.</param>
/// <param name="Lag">How far this range was behind when the pass over it ended.</param>
public sealed record LaneProgress(int Range, string? Cursor = null, bool Done = false, TimeSpan Lag = default, long Examined = 0, long Bytes = 0);

/// <param name="AsOf">When this batch was decided: nothing that the target got later is touched.</param>
/// <param name="Full">Both sides are looked at, and what something else did to the target is put back; a light pass trusts what earlier ones kept.</param>
/// <param name="Base">Set where the batch is to tell how far it is while it runs.</param>
/// <param name="Pausable">Nothing is done while the run is paused.</param>
/// <param name="Range">Which range of the data set, as <see cref="DivideData"/> found them; without it all, one after the other.</param>
public sealed record CopyChangesInput(
    string RunId, DataSet Data, DateTimeOffset AsOf, string? Cursor = null, int Pass = 1, bool Full = false, BatchBase? Base = null, int? Range = null, bool Pausable = false);

/// <param name="Left">Differences that this batch left to the next pass because they changed under it.</param>
/// <param name="Cursor">Where the pass goes on; absent when it is finished.</param>
/// <param name="Lag">How far the target is behind the source at most; told when the pass is finished.</param>
/// <param name="Conflicts">Objects changed on both sides: kept there as they are, for people to settle.</param>
/// <param name="ConflictNames">The first of them.</param>
/// <param name="PutBack">Of the copied and deleted: what undid a change that something else had made to the target.</param>
public sealed record CopyChangesResult(
    long Copied, long Deleted, long Bytes, long Examined, long Left, string? Cursor, bool FinishedPass, TimeSpan? Lag,
    long Conflicts = 0, string[]? ConflictNames = null, long PutBack = 0, bool Paused = false)
{
    /// <summary>The run is paused: nothing was looked at.</summary>
    public static CopyChangesResult OnPause(string? cursor) => new(0, 0, 0, 0, 0, cursor, FinishedPass: false, Lag: null, Paused: true);
}

/// <param name="Most">How many ranges at most.</param>
/// <param name="Least">How many objects a range has at least.</param>
public sealed record DivideDataInput(string RunId, DataSet Data, int Most, long Least, string? Cursor = null);

/// <param name="Ranges">How many there are, once there is no cursor any more.</param>
public sealed record DivideDataResult(int Ranges, string? Cursor);

/// <param name="Unsupported">How many objects cannot be carried, by why.</param>
/// <param name="UnsupportedNames">The first of them.</param>
/// <param name="Cursor">Where counting goes on; absent when all is counted.</param>
public sealed record DataSetCount(long Objects, long Bytes, IReadOnlyDictionary<string, long> Unsupported, string[] UnsupportedNames, string? Cursor = null)
{
    private const int MaxNames = 100;

    /// <summary>This count and that of the batch after it.</summary>
    public DataSetCount Plus(DataSetCount more) => new(
        Objects + more.Objects,
        Bytes + more.Bytes,
        Unsupported.Concat(more.Unsupported).GroupBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(kind => kind.Key, kind => kind.Sum(pair => pair.Value), StringComparer.Ordinal),
        [.. UnsupportedNames.Concat(more.UnsupportedNames).Take(MaxNames)]);
}

public sealed record CountObjectsInput(DataSet Data, string? Cursor = null);

public sealed record TargetContainerInput(string RunId, DataSet Data);

/// <param name="AsOf">When the write pause was known to hold.</param>
/// <param name="Limit">The delta gives up, with what remains counted, when it has taken this long.</param>
/// <param name="Full">Both sides are looked at: before the pause, so that the light pass within it can trust what is known of the target.</param>
/// <param name="Reverse">From the targets to the sources.</param>
/// <param name="PauseSeen">It was seen that writes are refused: the side that is read need not be listed again to prove that it holds still.</param>
public sealed record FinalDeltaInput(
    string RunId, DataSet[] Data, DateTimeOffset AsOf, TimeSpan Limit, bool Full = false, bool Reverse = false, bool PauseSeen = false);

/// <param name="Remaining">Objects that still differ; the cut-over may go on only when there are none.</param>
/// <param name="Mismatches">The first hundred of them, as data set and name.</param>
public sealed record FinalDeltaResult(long Copied, long Deleted, long Bytes, long Objects, long Remaining, string[] Mismatches, long ElapsedMs)
{
    public static FinalDeltaResult OutOfTime(DataSet data) =>
        new(Copied: 0, Deleted: 0, Bytes: 0, Objects: 0, Remaining: 1, [$"{data.Name}: not finished within the limit"], ElapsedMs: 0);
}

/// <param name="AsOf">When this batch was decided.</param>
/// <param name="Full">Both sides are looked at: what the source got on its own since the cut-over is told as conflicts.</param>
public sealed record ReverseDeltaInput(string RunId, DataSet Data, DateTimeOffset AsOf, string? Cursor = null, bool Full = true);

/// <param name="Conflicts">Objects that were also changed at the source after the cut-over: kept there as they are, for people to settle.</param>
public sealed record ReverseDeltaResult(long Copied, long Deleted, long Bytes, long Left, long Conflicts, string[] ConflictNames, string? Cursor, bool FinishedPass);

/// <param name="Key">Names the time of sharing: see <see cref="IDataTargets.ShareAsync"/>.</param>
/// <param name="AsOf">When this batch was decided.</param>
/// <param name="Back">From the target to the source.</param>
/// <param name="Full">Both sides are looked at: what is then left on neither side is proved.</param>
public sealed record SharedDeltaInput(string RunId, DataSet Data, string Key, DateTimeOffset AsOf, bool Back, string? Cursor = null, bool Full = false);

/// <param name="Conflicts">Objects changed on both sides: kept there as they are, for people to settle.</param>
/// <param name="ConflictNames">The first of them.</param>
/// <param name="Cursor">Where the pass goes on; absent when it is finished.</param>
/// <param name="Lag">How far the side that was written is behind the other at most; told when the pass is finished.</param>
public sealed record SharedDeltaResult(long Copied, long Deleted, long Bytes, long Left, long Conflicts, string[] ConflictNames, string? Cursor, bool FinishedPass, TimeSpan? Lag);

public sealed record ShareInput(string RunId, DataSet Data, string Key);

/// <param name="Object">The object that made the trip; absent where the target had none and a probe was sent.</param>
public sealed record TryReverseResult(string? Object, long Bytes);
