using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>What one batch of a pass did.</summary>
internal sealed class PassBatch
{
    private const int MaxNames = 100;
    private readonly Lock _lock = new();
    private readonly List<string> _conflicts = [];
    private readonly List<ObjectDifference> _left = [];
    private long _copied, _deleted, _bytes, _putBack;

    public long Copied => Interlocked.Read(ref _copied);

    public long Deleted => Interlocked.Read(ref _deleted);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Of the copied and deleted: what undid a change that something else had made to the private copy.</summary>
    public long PutBack => Interlocked.Read(ref _putBack);

    /// <summary>Objects seen on the side that was read.</summary>
    public long Examined => Seen.Count;

    /// <summary>What the listing of the side that was read showed.</summary>
    public ListingDigest Seen { get; } = new();

    /// <summary>Differences left to the next pass because a side changed under the batch, or after it was decided.</summary>
    public long LeftCount { get; private set; }

    public IReadOnlyList<ObjectDifference> Left => _left;

    public long Conflicts { get; private set; }

    public IReadOnlyList<string> ConflictNames => _conflicts;

    /// <summary>The oldest change that was left to the next pass.</summary>
    public DateTimeOffset? OldestLeft { get; private set; }

    /// <summary>Where to go on; null when the range is done.</summary>
    public ListingCursor? Next { get; set; }

    /// <summary>The store's clock when the batch began to list.</summary>
    public DateTimeOffset Began { get; set; }

    /// <summary>The store's clock when the batch ended.</summary>
    public DateTimeOffset Ended { get; set; }

    public void Copy(ListedObject from, bool putsBack)
    {
        Interlocked.Increment(ref _copied);
        Interlocked.Add(ref _bytes, from.Size);
        if (putsBack) Interlocked.Increment(ref _putBack);
    }

    public void Delete(bool putsBack)
    {
        Interlocked.Increment(ref _deleted);
        if (putsBack) Interlocked.Increment(ref _putBack);
    }

    public void Leave(Sighting seen)
    {
        lock (_lock)
        {
            LeftCount++;
            if (_left.Count < MaxNames) _left.Add(new ObjectDifference(seen.Name, seen.Difference));
            if (seen.From is { LastModified: var changed } && (OldestLeft is null || changed < OldestLeft)) OldestLeft = changed;
        }
    }

    public void Conflict(string name)
    {
        lock (_lock)
        {
            Conflicts++;
            if (_conflicts.Count < MaxNames) _conflicts.Add(name);
        }
    }
}
