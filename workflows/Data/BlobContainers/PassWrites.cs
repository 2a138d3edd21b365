using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Carries out what a pass decided about single objects, and tells what the manifest is to say of them.</summary>
/// <param name="outOfTime">Asked before each piece of a large object, and wherever the pace lets wait.</param>
/// <param name="demandPrivate">Throws where the target is no private copy any more.</param>
internal sealed class PassWrites(
    BlobContainerClient from,
    BlobContainerClient to,
    ObjectCopier copier,
    CopyJournal journal,
    PassRules rules,
    PassBatch batch,
    TimeSpan skew,
    Func<bool> outOfTime,
    Func<CancellationToken, Task> demandPrivate)
{
    /// <summary>Up to this size, content is compared where the stores have no MD5 to compare.</summary>
    private const long MostCompared = 256L << 20;

    /// <summary>Time ran out for an object: what of it has been written is found by the next try.</summary>
    public bool IsUnfinished { get; private set; }

    /// <returns>The manifest's entry; null where it is to have none.</returns>
    public async Task<ManifestEntry?> ApplyAsync(Sighting seen, PassDecision decision, CancellationToken cancellationToken)
    {
        if (decision.Act is PassAct.Copy or PassAct.Delete && !await copier.MayBeginAsync(outOfTime, cancellationToken))
        {
            IsUnfinished = true;
            return Before(seen);
        }

        switch (decision.Act)
        {
            case PassAct.Copy: return await CopyAsync(seen, decision.PutsBack, isSecond: false, cancellationToken);
            case PassAct.Delete: return await DeleteAsync(seen, decision.PutsBack, isSecond: false, cancellationToken);
            case PassAct.Adopt: return Entry(seen, seen.To!.Version);
            case PassAct.Forget: return null;
            case PassAct.Leave: batch.Leave(seen); return Before(seen);
            case PassAct.Conflict when await IsSameContentAsync(seen, cancellationToken): return Entry(seen, seen.To!.Version);
            case PassAct.Conflict: batch.Conflict(seen.Name); return Before(seen);
            default: return Before(seen);
        }
    }

    /// <summary>Looks at both sides of one name, and decides on what is there.</summary>
    public async Task<(Sighting Seen, PassDecision Decision)> LookAsync(Sighting seen, CancellationToken cancellationToken)
    {
        var read = await ListedObject.FindAsync(from, seen.Name, cancellationToken);
        // Under change: the next pass sees what it is then.
        if (read?.Version != seen.From?.Version) return (seen, new(PassAct.Leave));
        var again = seen with { To = await ListedObject.FindAsync(to, seen.Name, cancellationToken), ToSeen = true };
        return (again, PassDecision.Of(again, rules, journal, skew));
    }

    private async Task<ManifestEntry?> CopyAsync(Sighting seen, bool putsBack, bool isSecond, CancellationToken cancellationToken)
    {
        await DemandOursAsync(seen, cancellationToken);
        var result = await copier.CopyAsync(seen.From!, seen.Name, seen.Expected, outOfTime, cancellationToken);
        if (result.Outcome == CopyOutcome.Overtaken) return await LookAgainAsync(seen, isSecond, cancellationToken);
        if (result.Outcome == CopyOutcome.Unfinished)
        {
            IsUnfinished = true;
            return Before(seen);
        }

        batch.Copy(seen.From!, putsBack);
        return Entry(seen, result.ETag.ToString("H"));
    }

    private async Task<ManifestEntry?> DeleteAsync(Sighting seen, bool putsBack, bool isSecond, CancellationToken cancellationToken)
    {
        await DemandOursAsync(seen, cancellationToken);
        try
        {
            await to.GetBlobClient(seen.Name).DeleteAsync(
                DeleteSnapshotsOption.IncludeSnapshots, new BlobRequestConditions { IfMatch = seen.Expected }, cancellationToken);
            batch.Delete(putsBack);
            return null;
        }
        catch (RequestFailedException gone) when (gone.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
        catch (RequestFailedException error) when (BlobErrors.IsOvertaken(error))
        {
            return await LookAgainAsync(seen, isSecond, cancellationToken);
        }
        catch (RequestFailedException error) when (BlobErrors.IsPermanent(error))
        {
            throw BlobErrors.Permanent(error, $"{to.Uri}, object '{seen.Name}'");
        }
    }

    /// <summary>A side was not as expected: both are looked at once more, and no more than once.</summary>
    private async Task<ManifestEntry?> LookAgainAsync(Sighting seen, bool isSecond, CancellationToken cancellationToken)
    {
        var (again, decision) = isSecond ? (seen, new(PassAct.Leave)) : await LookAsync(seen, cancellationToken);
        return decision.Act switch
        {
            PassAct.Copy => await CopyAsync(again, decision.PutsBack, isSecond: true, cancellationToken),
            PassAct.Delete => await DeleteAsync(again, decision.PutsBack, isSecond: true, cancellationToken),
            _ => await ApplyAsync(again, decision, cancellationToken),
        };
    }

    /// <summary>
    /// Before what something else did to a private copy is undone. Asked after it was seen: where customers have come to write to the target since the batch began,
    /// this tells, and what they write later is another version than the one that the write is conditioned on.
    /// </summary>
    private Task DemandOursAsync(Sighting seen, CancellationToken cancellationToken) =>
        rules.IsPrivate && seen.HasToChanged ? demandPrivate(cancellationToken) : Task.CompletedTask;

    /// <summary>What a try left that died is no conflict. Where a store has no MD5 of it, only its content tells.</summary>
    private async Task<bool> IsSameContentAsync(Sighting seen, CancellationToken cancellationToken)
    {
        if (!rules.Shared || seen is not { From: { Size: <= MostCompared } one, To: { } other }) return false;
        if (!ObjectEquality.DescribedAlike(one, other)) return false;
        try
        {
            var hashes = await Task.WhenAll(HashAsync(from, one, cancellationToken), HashAsync(to, other, cancellationToken));
            return hashes[0].AsSpan().SequenceEqual(hashes[1]);
        }
        catch (RequestFailedException changed) when (BlobErrors.IsOvertaken(changed))
        {
            return false;
        }
    }

    private static async Task<byte[]> HashAsync(BlobContainerClient container, ListedObject item, CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = item.ETag } };
        await using var content = (await container.GetBlobClient(item.Name).DownloadStreamingAsync(options, cancellationToken)).Value.Content;
        return await SHA256.HashDataAsync(content, cancellationToken);
    }

    private ManifestEntry Entry(Sighting seen, string written) => rules.Reverse
        ? new ManifestEntry(seen.Name, Source: written, Target: seen.From!.Version, seen.From.Traits)
        : new ManifestEntry(seen.Name, Source: seen.From!.Version, Target: written, seen.From.Traits);

    /// <summary>What the manifest said before stands.</summary>
    private ManifestEntry? Before(Sighting seen) => seen.Known is not { } known
        ? null
        : rules.Reverse ? new ManifestEntry(seen.Name, known.To, known.From, known.Traits) : new ManifestEntry(seen.Name, known.From, known.To, known.Traits);
}
