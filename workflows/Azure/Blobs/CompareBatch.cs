namespace Orchestrator.Workflows.Azure.Blobs;

internal enum Verdict
{
    Same,
    Missing,
    Extra,
    Different,
    Lagging,

    /// <summary>Not of the sample.</summary>
    PassedOver,
}

/// <summary>A name under which two containers differ. <paramref name="What"/> is <c>missing</c>, <c>extra</c> or <c>different</c>, as seen from the source.</summary>
public sealed record ObjectDifference(string Name, string What);

/// <summary>What one batch of a comparison found.</summary>
/// <param name="mostNames">So many differences are kept by name, the first ones.</param>
public sealed class CompareBatch(int mostNames)
{
    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[Enum.GetValues<Verdict>().Length];
    private readonly List<ObjectDifference> _differences = [];
    private long _bytesRead, _belied;

    public long Compared => Same + Missing + Extra + Different + Lagging;

    public long Same => _counts[(int)Verdict.Same];

    public long Missing => _counts[(int)Verdict.Missing];

    public long Extra => _counts[(int)Verdict.Extra];

    public long Different => _counts[(int)Verdict.Different];

    /// <summary>Differences that a change at the source within the lag explains.</summary>
    public long Lagging => _counts[(int)Verdict.Lagging];

    public long Mismatches => Missing + Extra + Different;

    /// <summary>Of the objects that were compared.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes of the source that were read because the listings did not settle it.</summary>
    public long BytesRead => _bytesRead;

    /// <summary>Objects of the sample that were read on both sides beside the comparison of the listings.</summary>
    public long DeepChecked { get; private set; }

    /// <summary>Objects that were read and whose stored MD5, on either side, is not that of their content.</summary>
    public long Belied => Interlocked.Read(ref _belied);

    /// <summary>The first differences, as many as are kept.</summary>
    public IReadOnlyList<ObjectDifference> Differences => _differences;

    /// <summary>Where to go on; null when both listings were read to their ends.</summary>
    public ListingCursor? Next { get; internal set; }

    internal void Count(string name, long bytes, Verdict verdict)
    {
        lock (_lock)
        {
            _counts[(int)verdict]++;
            Bytes += bytes;
            if (_differences.Count < mostNames && WhatOf(verdict) is { } what) _differences.Add(new ObjectDifference(name, what));
        }
    }

    /// <summary>Called by the one who reads the listings.</summary>
    internal void DeepCheck() => DeepChecked++;

    internal void Belie() => Interlocked.Increment(ref _belied);

    internal void Read(long bytes) => Interlocked.Add(ref _bytesRead, bytes);

    private static string? WhatOf(Verdict verdict) => verdict switch
    {
        Verdict.Missing => "missing",
        Verdict.Extra => "extra",
        Verdict.Different => "different",
        _ => null,
    };
}
