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
public sealed class CompareBatch
{
    private const int MaxNames = 100;
    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[Enum.GetValues<Verdict>().Length];
    private readonly List<ObjectDifference> _differences = [];
    private long _bytesRead;

    public long Compared => Same + Missing + Extra + Different + Lagging;

    public long Same => _counts[(int)Verdict.Same];

    public long Missing => _counts[(int)Verdict.Missing];

    public long Extra => _counts[(int)Verdict.Extra];

    public long Different => _counts[(int)Verdict.Different];

    /// <summary>Differences that a change at the source within the lag explains.</summary>
    public long Lagging => _counts[(int)Verdict.Lagging];

    public long Mismatches => Missing + Extra + Different;

    /// <summary>Bytes of the source that were read because the listings did not settle it.</summary>
    public long BytesRead => _bytesRead;

    /// <summary>Objects of the sample that were read on both sides beside the comparison of the listings.</summary>
    public long DeepChecked { get; private set; }

    /// <summary>The first hundred differences.</summary>
    public IReadOnlyList<ObjectDifference> Differences => _differences;

    /// <summary>Where to go on; null when both listings were read to their ends.</summary>
    public ListingCursor? Next { get; internal set; }

    internal void Count(string name, Verdict verdict)
    {
        lock (_lock)
        {
            _counts[(int)verdict]++;
            if (_differences.Count < MaxNames && WhatOf(verdict) is { } what) _differences.Add(new ObjectDifference(name, what));
        }
    }

    /// <summary>Called by the one who reads the listings.</summary>
    internal void DeepCheck() => DeepChecked++;

    internal void Read(long bytes) => Interlocked.Add(ref _bytesRead, bytes);

    private static string? WhatOf(Verdict verdict) => verdict switch
    {
        Verdict.Missing => "missing",
        Verdict.Extra => "extra",
        Verdict.Different => "different",
        _ => null,
    };
}
