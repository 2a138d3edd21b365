namespace Orchestrator.Workflows.Migrations;

/// <summary>
/// How far the parts of a running step are, as the batches that work on them tell it at most once a second: between two answers of a batch the
/// orchestrator knows nothing. For show alone; nothing is decided on it.
/// </summary>
/// <param name="Attempt">A step that is done again, such as a second verification, begins a new document.</param>
public sealed record ProgressDocument(int Attempt, long Total, long BytesTotal, IReadOnlyDictionary<string, PartProgress> Parts)
{
    /// <summary>A part that was last heard of so much before the others has ended, and its rate counts no more.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>The document with what a batch tells; itself where a later batch has told more already: a batch may run late.</summary>
    public static ProgressDocument With(ProgressDocument? before, BatchBase told, PartProgress part)
    {
        if (before is null || told.Attempt > before.Attempt)
            return new ProgressDocument(told.Attempt, told.Total, told.BytesTotal, new Dictionary<string, PartProgress>(StringComparer.Ordinal) { [told.Part] = part });
        if (told.Attempt < before.Attempt || (before.Parts.TryGetValue(told.Part, out var known) && known.IsFurtherThan(part))) return before;
        return before with { Parts = new Dictionary<string, PartProgress>(before.Parts, StringComparer.Ordinal) { [told.Part] = part } };
    }

    /// <summary>The step's progress, told from the document alone: the same document always shows the same.</summary>
    public StepProgress Sum()
    {
        var newest = Parts.Values.Max(part => part.At);
        var active = Parts.Values.Where(part => newest - part.At < Silence).ToList();
        var rates = new Rates(active.Sum(part => part.ObjectsPerSecond), active.Sum(part => part.BytesPerSecond));
        var (done, bytes) = (Math.Min(Total, Parts.Values.Sum(part => part.Done)), Math.Min(BytesTotal, Parts.Values.Sum(part => part.BytesDone)));
        var follows = Parts.Values.All(part => part.InStepUntil is not null);
        return new StepProgress(
            done, Total, bytes, BytesTotal,
            follows ? null : rates.SecondsFor(Total - done, BytesTotal - bytes),
            Math.Round(rates.Objects, 1), Math.Round(rates.Bytes, 1),
            follows ? Math.Round(Math.Max(0, Parts.Values.Max(part => (newest - part.InStepUntil!.Value).TotalSeconds)), 1) : null);
    }
}

/// <param name="Phase">As in <see cref="BatchBase"/>.</param>
/// <param name="InStepUntil">Every change at the source before this is at the target; absent in the first pass.</param>
public sealed record PartProgress(
    int Phase, long Done, long BytesDone, DateTimeOffset At, double ObjectsPerSecond = 0, double BytesPerSecond = 0, DateTimeOffset? InStepUntil = null)
{
    public bool IsFurtherThan(PartProgress other) => (Phase, Done, BytesDone, At).CompareTo((other.Phase, other.Done, other.BytesDone, other.At)) > 0;
}

/// <summary>Where a step stood when one of its batches was decided: from here the batch counts on while it runs.</summary>
/// <param name="Step">One of <see cref="StepNames"/>.</param>
/// <param name="Part">A data set's name, or that of a part of it: batches that run side by side have different ones.</param>
/// <param name="Phase">The pass or round, growing; within one the counts grow.</param>
/// <param name="Done">Objects of the part done before the batch.</param>
/// <param name="Total">Objects of the whole step.</param>
/// <param name="InStepUntil">Set where a first pass has ended and changes are followed: then what the batch does counts for the rates alone.</param>
public sealed record BatchBase(
    string Step, string Part, int Phase, long Done, long BytesDone, long Total, long BytesTotal, DateTimeOffset? InStepUntil = null, int Attempt = 1);
