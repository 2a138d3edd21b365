using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Carries out what a pass decided about single objects, and tells what the manifest is to say of them.</summary>
/// <param name="outOfTime">Asked before each piece of a large object, and wherever the pace lets wait.</param>
internal sealed class PassWrites(
    BlobContainerClient from,
    BlobContainerClient to,
    ObjectCopier copier,
    CopyJournal journal,
    PassRules rules,
    PassBatch batch,
    TimeSpan skew,
    Func<bool> outOfTime)
{
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
            case PassAct.Look: return await LookAgainAsync(seen, isSecond: false, cancellationToken);
            case PassAct.Adopt: return Entry(seen, seen.To!.Version);
            case PassAct.Forget: return null;
            case PassAct.Leave: batch.Leave(seen); return Before(seen);
            case PassAct.Conflict: batch.Conflict(seen.Name); return Before(seen);
            default: return Before(seen);
        }
    }

    private async Task<ManifestEntry?> CopyAsync(Sighting seen, bool putsBack, bool isSecond, CancellationToken cancellationToken)
    {
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

    /// <summary>A side was not as expected: both are looked at once more, and the decision is taken anew on what is there.</summary>
    private async Task<ManifestEntry?> LookAgainAsync(Sighting seen, bool isSecond, CancellationToken cancellationToken)
    {
        var read = await ListedObject.FindAsync(from, seen.Name, cancellationToken);
        if (isSecond || read?.Version != seen.From?.Version)
        {
            // Under change: the next pass sees what it is then.
            batch.Leave(seen);
            return Before(seen);
        }

        var again = seen with { To = await ListedObject.FindAsync(to, seen.Name, cancellationToken), ToSeen = true };
        var decision = PassDecision.Of(again, rules, journal, skew);
        return decision.Act switch
        {
            PassAct.Copy => await CopyAsync(again, decision.PutsBack, isSecond: true, cancellationToken),
            PassAct.Delete => await DeleteAsync(again, decision.PutsBack, isSecond: true, cancellationToken),
            _ => await ApplyAsync(again, decision, cancellationToken),
        };
    }

    private ManifestEntry Entry(Sighting seen, string written) => rules.Reverse
        ? new ManifestEntry(seen.Name, Source: written, Target: seen.From!.Version, seen.From.Traits)
        : new ManifestEntry(seen.Name, Source: seen.From!.Version, Target: written, seen.From.Traits);

    /// <summary>What the manifest said before stands.</summary>
    private ManifestEntry? Before(Sighting seen) => seen.Known is not { } known
        ? null
        : rules.Reverse ? new ManifestEntry(seen.Name, known.To, known.From, known.Traits) : new ManifestEntry(seen.Name, known.From, known.To, known.Traits);
}
