using System.Text.Json;

namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>What two containers have under one name; at least one side is there.</summary>
/// <param name="Before">Where to take up so that this pair comes next.</param>
internal readonly record struct ObjectPair(ListedObject? From, ListedObject? To, ListingCursor Before)
{
    public string Name => (From ?? To)!.Name;
}

/// <summary>A place in two listings at once: everything up to <paramref name="After"/> is done.</summary>
public sealed record ListingCursor(string? FromToken, string? ToToken, string? After)
{
    public static ListingCursor Start { get; } = new(null, null, null);

    public override string ToString() => JsonSerializer.Serialize(this);

    public static ListingCursor? Parse(string? text) => text is null ? null : JsonSerializer.Deserialize<ListingCursor>(text);
}

/// <summary>Merges two listings by name in constant memory; both are read at the same time.</summary>
internal static class ListingMerge
{
    /// <param name="to">Null where that side is not looked at.</param>
    public static async IAsyncEnumerable<ObjectPair> ReadAsync(
        ContainerListing from,
        ContainerListing? to,
        ListingCursor cursor,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var left = from.ReadAsync(cursor.FromToken, cursor.After, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var right = (to?.ReadAsync(cursor.ToToken, cursor.After, cancellationToken) ?? AsyncEnumerable.Empty<Positioned>()).GetAsyncEnumerator(cancellationToken);

        var (leftNext, rightNext) = (left.MoveNextAsync().AsTask(), right.MoveNextAsync().AsTask());
        await Task.WhenAll(leftNext, rightNext);
        var (hasLeft, hasRight) = (await leftNext, await rightNext);

        while (hasLeft || hasRight)
        {
            var order = !hasLeft ? 1 : !hasRight ? -1 : string.CompareOrdinal(left.Current.Object.Name, right.Current.Object.Name);
            // A side that has ended is taken up at its last page, where nothing after the name is found.
            cursor = cursor with
            {
                FromToken = hasLeft ? left.Current.PageToken : cursor.FromToken,
                ToToken = hasRight ? right.Current.PageToken : cursor.ToToken,
            };
            var pair = new ObjectPair(order <= 0 ? left.Current.Object : null, order >= 0 ? right.Current.Object : null, cursor);
            yield return pair;

            cursor = cursor with { After = pair.Name };
            if (order <= 0) hasLeft = await left.MoveNextAsync();
            if (order >= 0) hasRight = await right.MoveNextAsync();
        }
    }
}
