using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;
using Orchestrator.Workflows.Snapshots;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>One object of a part.</summary>
internal readonly record struct TakenObject(SnapshotEntry Entry, bool Copied);

/// <summary>Takes one part: copies what the snapshot container lacks, names what it has.</summary>
internal sealed class SnapshotPartTaker(
    BlobContainerClient source, BlobContainerClient snapshots, string data, SnapshotBudget budget, Keeper keeper)
{
    private readonly ObjectPlace _place = new(source.Uri.AbsoluteUri);
    private readonly ObjectCopier _copier = new(source, snapshots);
    private readonly ConcurrentBag<TakenObject> _taken = [];
    private readonly Lock _lock = new();
    private SnapshotCursor? _stoppedAt;

    /// <returns>The part's objects in the order of their names, and where the next part begins; null after the last.</returns>
    public async Task<(IReadOnlyList<TakenObject> Taken, SnapshotCursor? Next)> TakeAsync(
        SnapshotCursor cursor, BaseManifest newest, CancellationToken cancellationToken)
    {
        await using var stored = new OrderedListing(snapshots, _place.Prefix, cursor.StoredToken, cancellationToken);
        await Parallel.ForEachAsync(
            CandidatesAsync(cursor, stored, newest, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = ObjectCopier.Parallelism, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                var (taken, finished) = await TakeAsync(item, token);
                if (!finished) StopAt(item.Before);
                else if (taken is { } it) _taken.Add(it);
            });

        // Later objects may have been taken before an earlier one ran out of time; the next part tells of them.
        var told = _taken.Where(taken => _stoppedAt is null || string.CompareOrdinal(taken.Entry.Name, _stoppedAt.After) <= 0);
        return ([.. told.OrderBy(taken => taken.Entry.Name, StringComparer.Ordinal)], _stoppedAt);
    }

    /// <param name="Stored">Its version is in the snapshot container already.</param>
    /// <param name="Known">What the newest snapshot tells of its version.</param>
    private readonly record struct Candidate(ListedObject Object, string Key, ListedObject? Stored, SnapshotEntry? Known, SnapshotCursor Before);

    private async IAsyncEnumerable<Candidate> CandidatesAsync(
        SnapshotCursor cursor, OrderedListing stored, BaseManifest newest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = cursor.After;
        await foreach (var (item, token) in new ContainerListing(source).ReadAsync(cursor.PageToken, cursor.After, cancellationToken))
        {
            var before = new SnapshotCursor(token, after, stored.PageToken, newest.RunId, newest.Segment);
            if (budget.IsUsed) StopAt(before);
            if (Volatile.Read(ref _stoppedAt) is not null) yield break;
            if (item.Obstacle is { } obstacle)
                throw new PermanentFailureException(BlobCodes.UnsupportedObject, $"'{item.Name}' cannot be snapshotted: {obstacle}");

            var key = _place.Key(item, out var inOrder);
            var there = inOrder ? await stored.FindAsync(key) : await ListedObject.FindAsync(snapshots, key, cancellationToken);
            // Cut short: it is taken up.
            if (there?.Partial is not null) there = null;
            budget.Use(there is null ? item.Size : 0, copied: there is null);
            yield return new Candidate(item, key, there, await newest.FindAsync(item), before);
            after = item.Name;
        }
    }

    /// <summary>The object; none where it vanished from the source before it was taken.</summary>
    private async Task<(TakenObject? Taken, bool Finished)> TakeAsync(Candidate item, CancellationToken cancellationToken)
    {
        if (item.Stored is { } stored)
        {
            DemandSame(stored, item.Object, item.Key);
            if (item.Known is { } known && known.Key == item.Key)
                return (new TakenObject(Entry(item.Object, item.Key, known.Sha256, await keeper.ExtendAsync(item.Key, known.KeptUntil, cancellationToken)), Copied: false), true);
            return (await FoundAsync(stored, item.Object, item.Key, cancellationToken), true);
        }

        for (var (seen, key) = (item.Object, item.Key); ; )
        {
            var copy = await _copier.CopyAsync(seen, key, target: null, () => budget.IsTimeUp, cancellationToken);
            if (copy.Outcome == CopyOutcome.Unfinished) return (null, false);
            if (copy.Outcome == CopyOutcome.Copied)
                return (new TakenObject(Entry(seen, key, copy.Sha256, await keeper.KeepAsync(key, cancellationToken)), Copied: true), true);
            if (await ListedObject.FindAsync(snapshots, key, cancellationToken) is { Partial: null } there) return (await FoundAsync(there, seen, key, cancellationToken), true);
            if (await ListedObject.FindAsync(source, item.Object.Name, cancellationToken) is not { } changed) return (null, true);
            (seen, key) = (changed, _place.Key(changed, out _));
        }
    }

    /// <summary>What an earlier try took, or a run that was never finished: hashed from what is there.</summary>
    private async Task<TakenObject> FoundAsync(ListedObject stored, ListedObject item, string key, CancellationToken cancellationToken)
    {
        DemandSame(stored, item, key);
        string? sha256 = null;
        if (stored.Size <= ObjectCopier.PieceBytes)
        {
            await using var content = (await snapshots.GetBlobBaseClient(key).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
            sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        }

        return new TakenObject(Entry(item, key, sha256, await keeper.ExtendAsync(key, known: null, cancellationToken)), Copied: true);
    }

    private SnapshotEntry Entry(ListedObject item, string key, string? sha256, DateTimeOffset? keptUntil) => new(
        data, item.Name, key, item.Size, item.LastModified, item.ETag.ToString(), item.Headers, item.Metadata, item.Md5, sha256, item.Tier, keptUntil,
        item.Kind == BlobType.Block ? null : item.Kind.ToString(), item.Tags is { Count: > 0 } tags ? tags : null);

    /// <summary>The name tells of one version of one object: anything else under it was written by somebody else.</summary>
    private void DemandSame(ListedObject stored, ListedObject item, string key)
    {
        if (stored.Size != item.Size || stored.Kind != item.Kind || stored.Md5 is { } md5 && item.Md5 is { } known && md5 != known)
            throw new PermanentFailureException(SnapshotCodes.ObjectDamaged, $"{snapshots.Uri}/{key} is not the copy of '{item.Name}' that its name tells of");
    }

    /// <summary>The next part begins at the first object that this one did not finish.</summary>
    private void StopAt(SnapshotCursor cursor)
    {
        lock (_lock)
        {
            if (_stoppedAt is null || string.CompareOrdinal(cursor.After, _stoppedAt.After) < 0) _stoppedAt = cursor;
        }
    }
}
