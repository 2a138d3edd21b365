using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>What a batch of a pass did, as it is kept with its part of the manifest: whoever repeats the batch gets it again.</summary>
/// <param name="Seen">Digest of what the listing of the side that was read showed.</param>
/// <param name="LeftNames">The first of what was left.</param>
/// <param name="Next">Where the pass goes on in this range; null when the range is done.</param>
/// <param name="Began">The store's clock when the pass over this range began.</param>
/// <param name="Ended">The store's clock when the batch ended.</param>
/// <param name="OldestLeft">The oldest change that the pass has left behind so far.</param>
internal sealed record PassOutcome(
    long Copied, long Deleted, long Bytes, long PutBack, DigestValue Seen, long Left, ObjectDifference[] LeftNames, long Conflicts, string[] ConflictNames,
    PassCursor? Next, DateTimeOffset Began, DateTimeOffset Ended, DateTimeOffset? OldestLeft)
{
    public static PassOutcome Of(PassBatch batch, PassCursor cursor)
    {
        var (began, oldest) = (cursor.Began ?? batch.Began, Earlier(cursor.OldestLeft, batch.OldestLeft));
        return new PassOutcome(
            batch.Copied, batch.Deleted, batch.Bytes, batch.PutBack, batch.Seen.Value, batch.LeftCount, [.. batch.Left], batch.Conflicts, [.. batch.ConflictNames],
            batch.Next is { } at ? cursor with { At = at, Part = cursor.Part + 1, Began = began, OldestLeft = oldest, Left = cursor.Left + batch.LeftCount } : null,
            began, batch.Ended, oldest);
    }

    public static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;
}
