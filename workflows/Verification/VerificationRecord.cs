namespace Orchestrator.Workflows.Verification;

/// <summary>A verification as it is kept: what was compared, checked and loaded, what was wrong, and until when it counts.</summary>
/// <param name="MismatchNames">The first thousand, as data set, name and what is the matter with it.</param>
/// <param name="Differences">Path of the document that leads to all differences, a <see cref="DifferenceIndex"/>; absent where there were none.</param>
public sealed record VerificationRecord(
    string RunId,
    int Round,
    DateTimeOffset At,
    long ObjectsCompared,
    long Mismatches,
    IReadOnlyList<string> MismatchNames,
    IReadOnlyList<CheckResult> Checks,
    LoadResult? Load,
    IReadOnlyList<string> Faults,
    IReadOnlyList<VerifiedData>? Data = null,
    string? Differences = null,
    DateTimeOffset? StaleAt = null,
    long Repaired = 0);

/// <param name="Repaired">Mismatches of an earlier round that a full pass has put right.</param>
/// <param name="DeepChecked">Objects read on both sides though their MD5s agreed.</param>
/// <param name="Rounds">How often source and target were compared.</param>
/// <param name="ReadsAll">A stored MD5 was another than its content's, so every object was read.</param>
public sealed record VerifiedData(
    string Name, long Compared, long Missing, long Extra, long Different, long Lagging, long Repaired, long DeepChecked, int Rounds, bool ReadsAll)
{
    public static VerifiedData Of(DataSetComparison data) => new(
        data.Name, data.Compared, data.Missing, data.Extra, data.Different, data.Lagging, data.Repaired, data.DeepChecked, data.Round, data.ReadsAll);
}

/// <summary>Where all differences of a verification stand, round by round; what an earlier round found and the last did not was repaired.</summary>
public sealed record DifferenceIndex(string RunId, int Verification, IReadOnlyList<IndexedData> Data);

/// <param name="Parts">Paths of JSON lines in the state container, in the order in which they were found.</param>
public sealed record IndexedData(string Name, int LastRound, IReadOnlyList<string> Parts);
