using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

internal enum PassAct
{
    /// <summary>In step, as the manifest says; or the other side's own affair.</summary>
    Keep,

    /// <summary>In step, though the manifest does not know these versions.</summary>
    Adopt,

    /// <summary>Gone on both sides.</summary>
    Forget,

    Copy,

    Delete,

    /// <summary>Not to be told without a look at the other side.</summary>
    Look,

    /// <summary>Left to a later pass.</summary>
    Leave,

    /// <summary>Changed on both sides: kept as it is, and told.</summary>
    Conflict,
}

/// <param name="PutsBack">Undoes what something else did to a private copy.</param>
internal readonly record struct PassDecision(PassAct Act, bool PutsBack = false)
{
    /// <summary>Decides what is to be done about one name. Nothing here looks at a store.</summary>
    /// <param name="skew">What the store's clock is ahead of ours.</param>
    public static PassDecision Of(Sighting seen, PassRules rules, CopyJournal journal, TimeSpan skew)
    {
        if (seen is { From: null, To: null, ToSeen: true }) return new(PassAct.Forget);
        // Noted, and gone by now: a try that ran late may have made a copy.
        if (seen is { From: null, Known: null, ToSeen: false }) return new(PassAct.Look);
        if (seen.Known is not null && !seen.HasFromChanged && !seen.HasToChanged) return new(PassAct.Keep);
        if (rules.Shared) return OfShared(seen, journal);
        if (seen.To is null) return WithoutOther(seen, rules, journal);
        if (seen.From is { } from && IsSame(seen.To, from)) return new(PassAct.Adopt);

        if (seen.Known is not null && !seen.HasToChanged) return Carry(seen);
        if (seen.To.Partial is not null || journal.Explains(seen.To)) return Carry(seen);
        // The other side has something that is not from us.
        if (!rules.IsPrivate) return new(PassAct.Conflict);
        if (seen.Known is not null && seen.HasFromChanged) return new(PassAct.Conflict);
        return seen.To.LastModified > rules.AsOf + skew ? new(PassAct.Leave) : Carry(seen) with { PutsBack = true };
    }

    /// <summary>
    /// Customers write to both sides. What changed on the other side alone is left to the pass that reads it, and so is what a try of that pass left on this
    /// side, which looks like a change and is none.
    /// </summary>
    private static PassDecision OfShared(Sighting seen, CopyJournal journal)
    {
        if (seen.From is { Partial: not null }) return new(PassAct.Keep);
        if (!HasChanged(seen))
        {
            // A copy that a try of this direction made, and whose original is gone by now.
            var isOrphan = seen is { From: null, Known: null, To: { } left } && (left.Partial is not null || journal.Explains(left));
            return isOrphan ? Carry(seen) : new(PassAct.Keep);
        }

        var isNew = seen.Known is null && !seen.HasToChanged;
        if (isNew && journal.ExplainsOther(seen.Name, seen.From)) return new(seen.ToSeen ? PassAct.Keep : PassAct.Look);
        if (!seen.HasToChanged) return Carry(seen);

        if (seen is { From: { } from, To: { } to } && IsSame(to, from)) return new(PassAct.Adopt);
        if (seen.To is { Partial: not null } || (seen.To is { } written ? journal.Explains(written) : journal.ExplainsAbsence(seen.Name))) return Carry(seen);
        return new(journal.ExplainsOther(seen.Name, seen.From) ? PassAct.Keep : PassAct.Conflict);
    }

    /// <summary>A store that tells no tags is no reason to take those of the other side away.</summary>
    private static bool HasChanged(Sighting seen) =>
        seen.HasFromChanged && !(seen is { From: { Tags: null } from, Known: { } known } && from.Version == known.From);

    private static PassDecision WithoutOther(Sighting seen, PassRules rules, CopyJournal journal)
    {
        if (!seen.ToSeen || seen.Known is null || journal.ExplainsAbsence(seen.Name)) return Carry(seen);
        // It was there and is not any more.
        return seen.HasFromChanged || !rules.IsPrivate ? new(PassAct.Conflict) : Carry(seen) with { PutsBack = true };
    }

    private static PassDecision Carry(Sighting seen) => new(seen.From is null ? PassAct.Delete : PassAct.Copy);

    /// <summary>
    /// By its MD5 alone. Its age tells nothing: what was read before the original changed may have been written after. What has none is copied again.
    /// </summary>
    private static bool IsSame(ListedObject to, ListedObject from) =>
        to.Md5 is not null && from.Md5 is not null && ObjectEquality.DescribedAlike(to, from);
}
