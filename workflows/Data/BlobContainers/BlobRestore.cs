using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure.Storage.Blobs;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>
/// Restores a data set into a container, a batch at a time. Each write is conditional: only where nothing is, or, where that is asked for, over exactly what
/// the listing showed.
/// </summary>
internal sealed class BlobRestore(ManifestReader manifest, BlobContainerClient snapshots, BlobContainerClient into, RestoreOrder order, TimeProvider time)
{
    private const int MaxNames = 100;

    private readonly BudgetMeter _meter = new(CopyBudget.Batch with { Objects = 5_000 }, time);
    private readonly ConcurrentBag<(string Name, long Size, Outcome Outcome)> _settled = [];
    private readonly HashSet<string>? _names = order.Names is { } names ? new(names, StringComparer.Ordinal) : null;
    private readonly Lock _lock = new();
    private RestoreCursor? _stoppedAt;

    private enum Outcome
    {
        Restored,
        Same,
        Conflict,
    }

    public async Task<RestoreBatchResult> RunAsync(RestoreCursor cursor, CancellationToken cancellationToken)
    {
        if (!manifest.Header.Data.Contains(order.Data, StringComparer.Ordinal))
            throw new PermanentFailureException(SnapshotCodes.NotInSnapshot, $"the snapshot of run {order.RunId} has no data set '{order.Data}'");

        for (; cursor.Checked < manifest.Segments.Count; cursor = cursor with { Checked = cursor.Checked + 1 })
        {
            if (_meter.IsTimeUp) return Result(cursor);
            await manifest.CheckAsync(cursor.Checked, cancellationToken);
        }

        await into.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var copier = new ObjectCopier(snapshots, into);
        var check = new ContentCheck(snapshots);
        await Parallel.ForEachAsync(
            EntriesAsync(cursor, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = ObjectCopier.Parallelism, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                if (await SettleAsync(item.Entry, item.There, copier, check, token) is { } outcome) _settled.Add((item.Entry.Name, item.Entry.Size, outcome));
                else StopAt(item.Before);
            });
        return Result(_stoppedAt);
    }

    private async IAsyncEnumerable<(SnapshotEntry Entry, ListedObject? There, RestoreCursor Before)> EntriesAsync(
        RestoreCursor cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var there = new OrderedListing(into, prefix: "", cursor.PageToken, cancellationToken);
        var after = cursor.After;
        for (var segment = cursor.Segment; segment < manifest.Segments.Count; segment++)
        {
            if (manifest.Segments[segment].Data is { Length: > 0 } data && data != order.Data) continue;
            await foreach (var entry in manifest.ReadAsync(segment, cancellationToken))
            {
                if (entry.Data != order.Data || string.CompareOrdinal(entry.Name, after) <= 0) continue;
                if (_names?.Contains(entry.Name) == false) continue;
                var before = cursor with { Segment = segment, After = after, PageToken = there.PageToken };
                if (_meter.IsUsed) StopAt(before);
                if (Volatile.Read(ref _stoppedAt) is not null) yield break;
                _meter.Use(entry.Size);
                yield return (entry, await there.FindAsync(entry.Name), before);
                after = entry.Name;
            }

            // Names that are not asked for take time too.
            if (_meter.IsTimeUp && segment + 1 < manifest.Segments.Count) StopAt(cursor with { Segment = segment + 1, After = after, PageToken = there.PageToken });
        }
    }

    /// <summary>How it stands with one object; null where time ran out on it.</summary>
    private async Task<Outcome?> SettleAsync(SnapshotEntry entry, ListedObject? there, ObjectCopier copier, ContentCheck check, CancellationToken cancellationToken)
    {
        if (there is not null)
        {
            if (await check.HoldsAsync(into, there, entry, cancellationToken)) return Outcome.Same;
            if (!order.Replace) return Outcome.Conflict;
        }

        var taken = await check.DemandTakenAsync(entry, cancellationToken);
        var copy = await copier.CopyAsync(taken with { Tags = entry.Tags }, entry.Name, there?.ETag, () => _meter.IsTimeUp, cancellationToken);
        return copy.Outcome switch
        {
            CopyOutcome.Copied => Outcome.Restored,
            CopyOutcome.Unfinished => null,
            // Somebody wrote it since it was listed: that is newer. An earlier try of this batch may be that somebody.
            _ => await ListedObject.FindAsync(into, entry.Name, cancellationToken) is { } now && await check.HoldsAsync(into, now, entry, cancellationToken)
                ? Outcome.Same
                : Outcome.Conflict,
        };
    }

    private RestoreBatchResult Result(RestoreCursor? next)
    {
        // What was settled behind the place where this batch stopped is told of by the next.
        var told = _settled.Where(item => next is null || string.CompareOrdinal(item.Name, next.After) <= 0).OrderBy(item => item.Name, StringComparer.Ordinal).ToList();
        var conflicts = told.Where(item => item.Outcome == Outcome.Conflict).Select(item => item.Name).ToList();
        var (total, totalBytes) = (0L, 0L);
        foreach (var segment in manifest.Segments.Where(segment => segment.Data.Length == 0 || segment.Data == order.Data))
            (total, totalBytes) = (total + segment.Objects, totalBytes + segment.Bytes);
        return new RestoreBatchResult(
            told.Count(item => item.Outcome == Outcome.Restored),
            told.Where(item => item.Outcome == Outcome.Restored).Sum(item => item.Size),
            told.Count(item => item.Outcome == Outcome.Same),
            conflicts.Count,
            [.. conflicts.Take(MaxNames)],
            order.Names is null ? null : [.. told.Select(item => item.Name)],
            order.Names?.Length ?? total,
            order.Names is null ? totalBytes : 0,
            next?.ToString());
    }

    /// <summary>The next batch begins at the first object that this one did not settle.</summary>
    private void StopAt(RestoreCursor cursor)
    {
        lock (_lock)
        {
            if (_stoppedAt is null || string.CompareOrdinal(cursor.After, _stoppedAt.After) < 0) _stoppedAt = cursor;
        }
    }
}
