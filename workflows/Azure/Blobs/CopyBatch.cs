using System.Collections.Concurrent;
using Azure;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>What one batch did.</summary>
public sealed class CopyBatch
{
    private const int MaxNames = 100;
    private long _copied, _deleted, _bytes, _examined, _overtaken;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, (ETag From, ETag To)> _copies = new(StringComparer.Ordinal);
    private readonly List<string> _conflicts = [];

    public long Copied => Interlocked.Read(ref _copied);

    public long Deleted => Interlocked.Read(ref _deleted);

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Examined => Interlocked.Read(ref _examined);

    /// <summary>Differences left to the next pass because source or target changed under the batch.</summary>
    public long Overtaken => Interlocked.Read(ref _overtaken);

    public long Conflicts { get; private set; }

    /// <summary>The first hundred names of objects changed on both sides.</summary>
    public IReadOnlyList<string> ConflictNames => _conflicts;

    /// <summary>The oldest change at the source that was left to the next pass.</summary>
    public DateTimeOffset? OldestLeft { get; private set; }

    /// <summary>Where to go on; null when both listings were read to their ends.</summary>
    public ListingCursor? Next { get; internal set; }

    /// <summary>The store's clock when the batch began to list.</summary>
    public DateTimeOffset Began { get; internal set; }

    /// <summary>The store's clock when the batch ended.</summary>
    public DateTimeOffset Ended { get; internal set; }

    /// <summary>Which version of a source became which version of its copy: knows more than times of a second's resolution can tell.</summary>
    internal bool Made(ListedObject copy, ListedObject original) =>
        _copies.TryGetValue(original.Name, out var made) && made.From == original.ETag && made.To == copy.ETag;

    /// <summary>What the source's listing showed.</summary>
    internal ListingDigest Source { get; } = new();

    /// <summary>Called by the one who reads the listings.</summary>
    internal void Examine(ListedObject? source)
    {
        Interlocked.Increment(ref _examined);
        if (source is not null) Source.Add(source);
    }

    internal void Copy(ListedObject source, ETag copy)
    {
        Interlocked.Increment(ref _copied);
        Interlocked.Add(ref _bytes, source.Size);
        _copies[source.Name] = (source.ETag, copy);
    }

    internal void Delete() => Interlocked.Increment(ref _deleted);

    /// <param name="changed">When the source changed; null where the target is what is left.</param>
    internal void Leave(DateTimeOffset? changed)
    {
        Interlocked.Increment(ref _overtaken);
        if (changed is null) return;
        lock (_lock)
        {
            if (OldestLeft is null || changed < OldestLeft) OldestLeft = changed;
        }
    }

    internal void Conflict(string name)
    {
        lock (_lock)
        {
            Conflicts++;
            if (_conflicts.Count < MaxNames) _conflicts.Add(name);
        }
    }
}
