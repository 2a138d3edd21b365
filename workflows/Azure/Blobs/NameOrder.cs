using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>
/// Brings a listing into ordinal order of its names. Stores sort by UTF-8 bytes or by UTF-16 units; the two differ only among names that agree up to a
/// character from U+D800 on, and such names stand together in both. So each such run is sorted in memory, and everything else streams.
/// </summary>
internal static class NameOrder
{
    /// <exception cref="PermanentFailureException">MIG0106: the store lists in another order.</exception>
    public static async IAsyncEnumerable<Positioned> SortAsync(IAsyncEnumerable<Positioned> listing)
    {
        var run = new List<Positioned>();
        string? last = null;

        await foreach (var item in listing)
        {
            if (run.Count > 0 && !SameRun(run[0].Object.Name, item.Object.Name))
            {
                foreach (var sorted in Sorted(run)) yield return Checked(sorted, ref last);
                run.Clear();
            }

            if (HighAt(item.Object.Name) < 0) yield return Checked(item, ref last);
            else run.Add(item);
        }

        foreach (var sorted in Sorted(run)) yield return Checked(sorted, ref last);
    }

    private static Positioned Checked(Positioned item, ref string? last)
    {
        if (last is not null && string.CompareOrdinal(item.Object.Name, last) <= 0)
        {
            throw BlobErrors.Permanent(BlobCodes.ListingOrder, $"the store lists '{item.Object.Name}' after '{last}'");
        }

        last = item.Object.Name;
        return item;
    }

    /// <summary>All of a run are reached again only from the page where the run began.</summary>
    private static IEnumerable<Positioned> Sorted(List<Positioned> run) =>
        run.OrderBy(item => item.Object.Name, StringComparer.Ordinal).Select(item => item with { PageToken = run[0].PageToken });

    private static bool SameRun(string one, string other)
    {
        var high = HighAt(one);
        return high == HighAt(other) && string.CompareOrdinal(one, 0, other, 0, high) == 0;
    }

    private static int HighAt(string name) => name.AsSpan().IndexOfAnyInRange('\uD800', '\uFFFF');
}
