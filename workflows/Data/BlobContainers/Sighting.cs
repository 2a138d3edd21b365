using Azure;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>What a pass sees under one name: on the side that it reads, on the side that it writes, and in the manifest of the pass before.</summary>
/// <param name="ToSeen">False where the other side was not looked at: it is taken to be as the manifest says.</param>
/// <param name="Before">Where to take up so that this name comes next.</param>
internal readonly record struct Sighting(string Name, ListedObject? From, ListedObject? To, bool ToSeen, Known? Known, ListingCursor Before)
{
    public bool HasFromChanged => From?.Version != Known?.From || From?.Traits != Known?.Traits;

    public bool HasToChanged => ToSeen && To?.Version != Known?.To;

    /// <summary>The version that the other side must still have when it is written; null where it must have none.</summary>
    public ETag? Expected => ToSeen ? To?.ETag : Known is { } known ? new ETag(known.To) : null;

    /// <summary>How the other side differs, in the words of a comparison.</summary>
    public string Difference => From is null ? "extra" : ToSeen && To is null || !ToSeen && Known is null ? "missing" : "different";
}

/// <summary>A manifest's entry, by the direction of the pass.</summary>
internal sealed record Known(string From, string To, string? Traits)
{
    public static Known? Of(ManifestEntry? entry, bool reverse) => entry is null
        ? null
        : reverse ? new Known(entry.Target, entry.Source, entry.Traits) : new Known(entry.Source, entry.Target, entry.Traits);
}
