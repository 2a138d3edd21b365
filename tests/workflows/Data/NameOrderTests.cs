using Orchestrator.Workflows.Azure.Blobs;
using Orchestrator.Workflows.Errors;

namespace Orchestrator.Workflows.Tests.Data;

public sealed class NameOrderTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task A_listing_by_utf8_and_one_by_utf16_come_out_in_the_same_order(int seed)
    {
        var random = new Random(seed);
        string[] letters = ["a", "b", "/", "~", "\u00e9", "\ud7ff", "\ue000", "\uffee", "\U0001F600", "\U00010000"];
        var names = Enumerable.Range(0, 500).Select(_ => string.Concat(random.GetItems(letters, random.Next(1, 6)))).Distinct().ToList();

        var utf8 = await SortAsync(names.OrderBy(name => System.Text.Encoding.UTF8.GetBytes(name), Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other))));
        var utf16 = await SortAsync(names.Order(StringComparer.Ordinal));

        Assert.Equal(names.Order(StringComparer.Ordinal), utf16);
        Assert.Equal(utf16, utf8);
    }

    [Fact]
    public async Task A_listing_in_another_order_is_refused_with_its_code()
    {
        var failure = await Assert.ThrowsAsync<PermanentFailureException>(() => SortAsync(["b", "a"]));

        Assert.StartsWith(BlobCodes.ListingOrder, failure.Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> SortAsync(IEnumerable<string> names)
    {
        var sorted = new List<string>();
        await foreach (var item in NameOrder.SortAsync(List(names))) sorted.Add(item.Object.Name);
        return sorted;
    }

    private static async IAsyncEnumerable<Positioned> List(IEnumerable<string> names)
    {
        await Task.CompletedTask;
        foreach (var name in names) yield return new Positioned(Listed.Object(name), PageToken: null);
    }
}
