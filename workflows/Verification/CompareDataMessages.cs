using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Data;
using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Verification;

/// <param name="Progress">Set when the orchestrator continues as new; absent at the start.</param>
/// <param name="DeepSample">About so many objects of each data set are read on both sides, whatever their MD5 says.</param>
/// <param name="Verification">The number of the verification in its run, as <see cref="VerifyInput.Round"/>.</param>
/// <param name="TotalObjects">As the plan counted them, for the progress alone.</param>
public sealed record CompareDataInput(
    string RunId, DataSet[] Data, DataSetComparison[]? Progress = null, int DeepSample = 100, int Verification = 1, long TotalObjects = 0, long TotalBytes = 0);

public sealed record CompareDataResult(DataSetComparison[] Data)
{
    public long Compared => Data.Sum(data => data.Compared);

    public long Mismatches => Data.Sum(data => data.Mismatches);

    public long Lagging => Data.Sum(data => data.Lagging);

    public long DeepChecked => Data.Sum(data => data.DeepChecked);

    public long Repaired => Data.Sum(data => data.Repaired);

    /// <summary>Every object of every source is at its target and nothing else is there, but for changes within the lag.</summary>
    public bool IsEqual => Mismatches == 0;
}

/// <summary>How source and target of one data set compare, and while it runs where the comparison stands.</summary>
/// <param name="Lagging">Differences that a change at the source within the lag explains.</param>
/// <param name="DeepChecked">Objects read on both sides for the deep check, all equal but for those in <paramref name="Differences"/>.</param>
/// <param name="Differences">The first ten mismatches; all are in <paramref name="Parts"/>.</param>
/// <param name="Examined">Objects that the delta pass saw: of how many the sample is drawn.</param>
/// <param name="Round">A mismatch is looked at again after a full pass has put it right, up to the third round.</param>
/// <param name="Parts">The documents that hold the differences of all rounds, as <see cref="DifferenceParts"/> names them.</param>
/// <param name="Batches">Batches of the comparison so far.</param>
/// <param name="Repaired">Mismatches of an earlier round that no longer stand.</param>
/// <param name="Standing">Mismatches of the round before.</param>
/// <param name="ReadsAll">A stored MD5 was found to be another than its content's: every object is read.</param>
/// <param name="Bytes">Of the objects compared, for the progress.</param>
public sealed record DataSetComparison(
    string Name,
    long Compared = 0,
    long Missing = 0,
    long Extra = 0,
    long Different = 0,
    long Lagging = 0,
    long BytesRead = 0,
    long DeepChecked = 0,
    ObjectDifference[]? Differences = null,
    int Round = 1,
    CompareStage Stage = CompareStage.CatchUp,
    string? CatchUp = null,
    string? At = null,
    long Examined = 0,
    string[]? Parts = null,
    int Batches = 0,
    long Repaired = 0,
    long Standing = 0,
    bool ReadsAll = false,
    long Bytes = 0)
{
    public long Mismatches => Missing + Extra + Different;
}

public enum CompareStage
{
    /// <summary>A delta pass runs, so that what production changed meanwhile is no mismatch.</summary>
    CatchUp,

    Compare,

    /// <summary>Only where the comparison read none of the sample on its way.</summary>
    DeepCheck,

    Done,
}

/// <param name="AsOf">When this batch was decided; the lag is reckoned from here.</param>
/// <param name="DeepOneIn">Set for the deep check: of so many objects one is read on both sides, the others are passed over.</param>
/// <param name="AlsoReadOneIn">Set for a comparison that takes the deep check's sample on its way; 1: every object is read.</param>
/// <param name="Number">Of the batch in its comparison, over all rounds.</param>
/// <param name="Base">Set where the batch is to tell how far it is while it runs.</param>
public sealed record CompareDataBatch(
    string RunId, DataSet Data, DateTimeOffset AsOf, string? Cursor = null, int? DeepOneIn = null, int? AlsoReadOneIn = null,
    int Verification = 1, int Round = 1, int Number = 0, BatchBase? Base = null);

/// <param name="Cursor">Where the comparison goes on; absent when it is finished.</param>
/// <param name="Differences">The first ten; all are in <paramref name="Part"/>.</param>
/// <param name="DeepChecked">Objects of the sample that the comparison read on its way.</param>
/// <param name="Belied">Objects whose stored MD5, on either side, is not that of the content that was read.</param>
/// <param name="Part">The document that holds all differences, as <see cref="DifferenceParts"/> names it; absent where there are none.</param>
public sealed record CompareDataBatchResult(
    long Compared, long Missing, long Extra, long Different, long Lagging, long BytesRead, ObjectDifference[] Differences, string? Cursor,
    long DeepChecked = 0, long Belied = 0, string? Part = null, long Bytes = 0);
