using Azure.Storage.Blobs;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>
/// One batch of a pass over a range: sees what differs, notes what it is about to write, writes it on condition that nothing has changed since, and keeps
/// what both sides then hold in the manifest. It works in chunks, so that notes and memory stay small.
/// </summary>
internal sealed class BlobPass(
    BlobContainerClient from,
    BlobContainerClient to,
    ObjectCopier copier,
    CopyJournal journal,
    SyncManifestWriter manifest,
    PassRules rules,
    BudgetMeter meter,
    TimeProvider time,
    BatchProgress progress,
    Func<CancellationToken, Task> demandPrivate)
{
    private const int MaxChanges = 1_000;
    private const int MaxSeen = 2_000;
    private const long MinChunkBytes = 64L << 20;
    private const long MaxChunkBytes = 1L << 30;
    private static readonly TimeSpan ChunkTime = TimeSpan.FromSeconds(15);

    private readonly PassBatch _batch = new();
    private readonly List<(Sighting Seen, PassDecision Decision)> _chunk = [];
    private long _chunkBytes;
    private long _chunkLimit = MinChunkBytes;
    private int _changes;
    private TimeSpan _skew;
    private bool _unfinished;

    /// <summary>What a chunk holds at most: under a pace no more than is let through in a quarter of a minute.</summary>
    private (int Objects, long Bytes) Most => meter.Pace?.Within(ChunkTime, MaxChanges, _chunkLimit) ?? (MaxChanges, _chunkLimit);

    /// <summary>Anything that the manifest of the pass before does not say.</summary>
    public bool HasChanged { get; private set; }

    public async Task<PassBatch> RunAsync(
        IAsyncEnumerable<ManifestEntry> before, ListingCursor cursor, string? until, CancellationToken cancellationToken)
    {
        var listings = (From: new ContainerListing(from, rules.PageSize), To: rules.Full ? new ContainerListing(to, rules.PageSize) : null);
        var listed = false;
        await foreach (var seen in new PassScan(listings.From, listings.To, before, journal.NamesAfter(cursor.After), rules.Reverse).ReadAsync(cursor, until, cancellationToken))
        {
            if (!listed) Began(listings.From, listings.To);
            listed = true;
            var decision = Decide(seen);
            if (decision.Act == PassAct.Copy && seen.From!.Size > Most.Bytes - _chunkBytes) await FlushAsync(cancellationToken);
            if (meter.IsUsed)
            {
                await FlushAsync(cancellationToken);
                _batch.Next = seen.Before;
                break;
            }

            Add(seen, decision);
            if (_changes >= Most.Objects || _chunk.Count >= MaxSeen || _chunkBytes >= Most.Bytes) await FlushAsync(cancellationToken);
            if (_unfinished) break;
        }

        if (!listed) Began(listings.From, listings.To);
        if (!_unfinished) await FlushAsync(cancellationToken);
        _batch.Ended = time.GetUtcNow() + _skew;
        return _batch;
    }

    private PassDecision Decide(Sighting seen)
    {
        var decision = PassDecision.Of(seen, rules, journal, _skew);
        return decision.Act == PassAct.Copy && seen.From!.Obstacle is { } obstacle
            ? throw BlobErrors.Permanent(BlobCodes.UnsupportedObject, $"{from.Uri}: '{seen.Name}' cannot be carried: {obstacle}")
            : decision;
    }

    private void Add(Sighting seen, PassDecision decision)
    {
        if (seen.From is { } read) _batch.Seen.Add(read);
        _chunk.Add((seen, decision));
        if (decision.Act is not (PassAct.Copy or PassAct.Delete)) return;
        _changes++;
        var bytes = decision.Act == PassAct.Copy ? seen.From!.Size : 0;
        _chunkBytes += bytes;
        meter.Use(bytes);
    }

    /// <summary>Writes what the chunk decided, then tells the manifest of all that it saw. An object larger than a chunk is one alone.</summary>
    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_chunk.Count == 0) return;
        var started = time.GetTimestamp();
        var work = new PassWrites(from, to, copier, journal, rules, _batch, _skew, () => (_chunk.Count == 1 && meter.IsTimeUp) || meter.IsLate, demandPrivate);
        await LookAsync(work, cancellationToken);
        var entries = await ApplyAsync(work, cancellationToken);
        if (work.IsUnfinished)
        {
            (_unfinished, _batch.Next) = (true, _chunk[0].Seen.Before);
            return;
        }

        foreach (var entry in entries)
            if (entry is not null) manifest.Add(entry);
        HasChanged |= _chunk.Exists(item => item.Decision.Act != PassAct.Keep && item is not { Decision.Act: PassAct.Forget, Seen.Known: null });
        Empty(time.GetElapsedTime(started));
    }

    /// <summary>Before anything is noted: what turns out to need no write is not to be noted as one.</summary>
    private async Task LookAsync(PassWrites work, CancellationToken cancellationToken)
    {
        int[] places = [.. Enumerable.Range(0, _chunk.Count).Where(index => _chunk[index].Decision.Act == PassAct.Look)];
        var found = new (Sighting, PassDecision)[_chunk.Count];
        await InParallelAsync(places, async (index, token) => found[index] = await work.LookAsync(_chunk[index].Seen, token), cancellationToken);
        foreach (var index in places) _chunk[index] = found[index];
    }

    /// <returns>The manifest's entries, by the places in the chunk.</returns>
    private async Task<ManifestEntry?[]> ApplyAsync(PassWrites work, CancellationToken cancellationToken)
    {
        var entries = new ManifestEntry?[_chunk.Count];
        var writes = _chunk.Where(item => item.Decision.Act is PassAct.Copy or PassAct.Delete).Select(item => (item.Seen.Name, item.Seen.From)).ToList();
        if (writes.Count > 0)
        {
            await journal.NoteAsync(writes, time.GetUtcNow() + _skew, cancellationToken);
            await InParallelAsync(
                [.. Enumerable.Range(0, _chunk.Count)],
                async (index, token) =>
                {
                    entries[index] = await work.ApplyAsync(_chunk[index].Seen, _chunk[index].Decision, token);
                    if (_chunk[index].Seen.From is not null) progress.Add(1, 0);
                },
                cancellationToken);
        }
        else
        {
            for (var index = 0; index < entries.Length; index++)
                entries[index] = await work.ApplyAsync(_chunk[index].Seen, _chunk[index].Decision, cancellationToken);
            progress.Add(entries.Length, 0);
        }

        return entries;
    }

    private static Task InParallelAsync(IReadOnlyList<int> places, Func<int, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            places,
            new ParallelOptions { MaxDegreeOfParallelism = ObjectCopier.Parallelism, CancellationToken = cancellationToken },
            async (place, token) => await work(place, token));

    /// <summary>The next chunk is as large as is copied in a quarter of a minute at this one's pace.</summary>
    private void Empty(TimeSpan elapsed)
    {
        if (_chunkBytes >= MinChunkBytes / 2)
            _chunkLimit = (long)Math.Clamp(_chunkBytes / Math.Max(elapsed.TotalSeconds, 0.01) * ChunkTime.TotalSeconds, MinChunkBytes, MaxChunkBytes);
        _chunk.Clear();
        (_changes, _chunkBytes) = (0, 0);
    }

    /// <summary>The times in listings are the store's: ours are moved onto its clock.</summary>
    private void Began(ContainerListing one, ContainerListing? other)
    {
        var now = time.GetUtcNow();
        var store = new[] { one.ServerTime, other?.ServerTime }.Min() ?? now;
        // The header has whole seconds; less than one is no skew.
        _skew = (store - now).Duration() < TimeSpan.FromSeconds(1.5) ? TimeSpan.Zero : store - now;
        _batch.Began = now + _skew - meter.Elapsed;
    }
}
