using System.Runtime.CompilerServices;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Data.BlobContainers;

/// <summary>Merges one or two listings with the manifest of the pass before, by name, in constant memory.</summary>
/// <param name="to">Null where the other side is not looked at.</param>
/// <param name="noted">Names that are seen though no listing and no manifest has them, in ordinal order.</param>
internal sealed class PassScan(
    ContainerListing from, ContainerListing? to, IAsyncEnumerable<ManifestEntry> manifest, IReadOnlyList<string> noted, bool reverse)
{
    /// <param name="until">The last name of the range; null where it has no end.</param>
    public async IAsyncEnumerable<Sighting> ReadAsync(ListingCursor cursor, string? until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var entries = KnownAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var hasEntry = await NextAsync();

        var (first, second) = reverse ? (cursor.ToToken, cursor.FromToken) : (cursor.FromToken, cursor.ToToken);
        await foreach (var pair in ListingMerge.ReadAsync(from, to, new ListingCursor(first, second, cursor.After), cancellationToken))
        {
            if (IsBeyond(pair.Name)) break;
            for (; hasEntry && string.CompareOrdinal(entries.Current.Name, pair.Name) < 0; hasEntry = await NextAsync())
                yield return See(entries.Current.Name, pair: null, entries.Current.Entry, pair.Before);

            var isKnown = hasEntry && entries.Current.Name == pair.Name;
            yield return See(pair.Name, pair, isKnown ? entries.Current.Entry : null, pair.Before);
            if (isKnown) hasEntry = await NextAsync();
            cursor = pair.Before with { After = pair.Name };
        }

        for (; hasEntry; hasEntry = await NextAsync()) yield return See(entries.Current.Name, pair: null, entries.Current.Entry, cursor);

        async ValueTask<bool> NextAsync() => await entries.MoveNextAsync() && !IsBeyond(entries.Current.Name);

        bool IsBeyond(string name) => until is not null && string.CompareOrdinal(name, until) > 0;

        Sighting See(string name, ObjectPair? pair, ManifestEntry? entry, ListingCursor before)
        {
            var at = reverse ? new ListingCursor(before.ToToken, before.FromToken, before.After) : before;
            return new Sighting(name, pair?.From, pair?.To, ToSeen: to is not null, Known.Of(entry, reverse), at);
        }
    }

    private async IAsyncEnumerable<(string Name, ManifestEntry? Entry)> KnownAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = 0;
        await foreach (var entry in manifest.WithCancellation(cancellationToken))
        {
            for (; next < noted.Count && string.CompareOrdinal(noted[next], entry.Name) < 0; next++) yield return (noted[next], null);
            if (next < noted.Count && noted[next] == entry.Name) next++;
            yield return (entry.Name, entry);
        }

        for (; next < noted.Count; next++) yield return (noted[next], null);
    }
}
