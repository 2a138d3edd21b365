using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>Brings one container into the state of another, a bounded batch at a time.</summary>
public sealed class ContainerCopier(TimeProvider time)
{
    /// <summary>
    /// Copies what differs from <paramref name="cursor"/> on, until the budget is used or the listings end. Run twice, or late, it never overwrites
    /// or deletes anything newer than what its own listing showed and <see cref="CopyRules.AsOf"/> allows.
    /// </summary>
    /// <exception cref="PermanentFailureException">MIG0100 to MIG0107: what a store refused for good.</exception>
    public async Task<CopyBatch> CopyChangesAsync(
        BlobContainerClient from,
        BlobContainerClient to,
        ListingCursor cursor,
        CopyBudget budget,
        CopyRules rules,
        CancellationToken cancellationToken)
    {
        using var copier = new ObjectCopier(from, to, markReversed: rules.Since is not null);
        var run = new Run(copier, to, rules, new BudgetMeter(budget, time), time);
        return await run.ExecuteAsync(new ContainerListing(from), new ContainerListing(to), cursor, cancellationToken);
    }

    private sealed class Run(ObjectCopier copier, BlobContainerClient to, CopyRules rules, BudgetMeter meter, TimeProvider time)
    {
        private readonly CopyBatch _batch = new();
        private readonly Lock _lock = new();
        private TimeSpan _skew;
        private ListingCursor? _stoppedAt;

        public async Task<CopyBatch> ExecuteAsync(
            ContainerListing from, ContainerListing to, ListingCursor cursor, CancellationToken cancellationToken)
        {
            await Parallel.ForEachAsync(
                WorkAsync(from, to, cursor, cancellationToken),
                new ParallelOptions { MaxDegreeOfParallelism = ObjectCopier.Parallelism, CancellationToken = cancellationToken },
                async (pair, token) => await ApplyAsync(pair, token));

            _batch.Next = _stoppedAt;
            _batch.Ended = time.GetUtcNow() + _skew;
            return _batch;
        }

        private async IAsyncEnumerable<ObjectPair> WorkAsync(
            ContainerListing from,
            ContainerListing to,
            ListingCursor cursor,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var listed = false;
            await foreach (var pair in ListingMerge.ReadAsync(from, to, cursor, cancellationToken))
            {
                if (!listed)
                {
                    listed = true;
                    Began(from, to);
                }

                if (meter.IsUsed) StopAt(pair.Before);
                if (Volatile.Read(ref _stoppedAt) is not null) yield break;

                _batch.Examine(pair.From);
                if (IsWanted(pair))
                {
                    meter.Use(pair.From?.Size ?? 0);
                    yield return pair;
                }
            }

            if (!listed) Began(from, to);
        }

        /// <summary>The times in listings are the store's: ours are moved onto its clock.</summary>
        private void Began(ContainerListing from, ContainerListing to)
        {
            var now = time.GetUtcNow();
            var store = new[] { from.ServerTime, to.ServerTime }.Min() ?? now;
            // The header has whole seconds; less than one is no skew.
            _skew = (store - now).Duration() < TimeSpan.FromSeconds(1.5) ? TimeSpan.Zero : store - now;
            _batch.Began = now + _skew - meter.Elapsed;
        }

        private bool IsWanted(ObjectPair pair)
        {
            if (pair.To is { } target && rules.AsOf is { } asOf && target.LastModified > asOf + _skew)
            {
                // Written after this batch was decided. What differs is seen by a later batch.
                if (pair.From is null ? rules.DeleteExtras : !ObjectEquality.IsCopyOf(target, pair.From)) _batch.Leave(pair.From?.LastModified);
                return false;
            }

            return pair switch
            {
                { From: null } => rules.DeleteExtras && !IsConflict(pair.To!),
                { To: null } => IsCarried(pair.From),
                _ => IsCarried(pair.From) && !ObjectEquality.IsCopyOf(pair.To, pair.From) && !IsConflict(pair.To),
            };
        }

        private bool IsCarried(ListedObject source)
        {
            if (source.Obstacle is { } obstacle)
                throw BlobErrors.Permanent(BlobCodes.UnsupportedObject, $"'{source.Name}' cannot be carried: {obstacle}");
            // A minute of doubt costs a comparison; times are whole seconds, and clocks differ.
            return rules.Since is not { } since || source.LastModified >= since + _skew - TimeSpan.FromMinutes(1);
        }

        private bool IsConflict(ListedObject target)
        {
            if (rules.Since is not { } since || target.IsReverseCopy || target.LastModified <= since + _skew) return false;
            _batch.Conflict(target.Name);
            return true;
        }

        private async Task ApplyAsync(ObjectPair pair, CancellationToken cancellationToken)
        {
            if (pair.From is not { } source)
            {
                await DeleteAsync(pair.To!, cancellationToken);
                return;
            }

            var result = await copier.CopyAsync(source, source.Name, pair.To?.ETag, () => meter.IsTimeUp, cancellationToken);
            switch (result.Outcome)
            {
                case CopyOutcome.Copied: _batch.Copy(source, result.ETag); break;
                case CopyOutcome.Overtaken: _batch.Leave(source.LastModified); break;
                default: StopAt(pair.Before); break;
            }
        }

        private async Task DeleteAsync(ListedObject extra, CancellationToken cancellationToken)
        {
            try
            {
                await to.GetBlobClient(extra.Name).DeleteAsync(
                    DeleteSnapshotsOption.IncludeSnapshots, new BlobRequestConditions { IfMatch = extra.ETag }, cancellationToken);
                _batch.Delete();
            }
            catch (RequestFailedException error) when (BlobErrors.IsOvertaken(error))
            {
                // Gone, or changed: the next pass sees what it is now.
                _batch.Leave(changed: null);
            }
            catch (RequestFailedException error) when (BlobErrors.IsPermanent(error))
            {
                throw BlobErrors.Permanent(error, $"{to.Uri}, object '{extra.Name}'");
            }
        }

        /// <summary>The next batch begins at the first pair that this one did not finish.</summary>
        private void StopAt(ListingCursor cursor)
        {
            lock (_lock)
            {
                if (_stoppedAt is null || string.CompareOrdinal(cursor.After, _stoppedAt.After) < 0) _stoppedAt = cursor;
            }
        }
    }
}
