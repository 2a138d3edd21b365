using Azure.Storage.Blobs.Models;
using Orchestrator.Workflows.Azure.Blobs;

namespace Orchestrator.Workflows.Tests.Data;

[Collection(AzuriteCollection.Name)]
public sealed class CompareDataTests(Azurite azurite)
{
    [Fact]
    public async Task Missing_extra_and_different_objects_are_told_by_name()
    {
        var pair = await DataPair.CreateAsync(azurite);
        foreach (var name in new[] { "different", "headers", "missing", "same" }) await pair.Source.PutAsync(name, name);
        await pair.CopyChangesAsync();
        await pair.Target.PutAsync("different", "DIFFERENT");
        await pair.Target.GetBlobClient("headers").SetHttpHeadersAsync(new BlobHttpHeaders { ContentType = "text/css" });
        await pair.Target.DeleteBlobAsync("missing");
        await pair.Target.PutAsync("extra", "x");

        var found = await pair.CompareAsync();
        var again = await pair.CompareAsync();

        Assert.Equal(
            [new("different", "different"), new("extra", "extra"), new("headers", "different"), new ObjectDifference("missing", "missing")], found.Differences);
        Assert.Equal((5, 1, 1, 2, 0), (found.Compared, found.Missing, found.Extra, found.Different, found.Lagging));
        Assert.Equal(found.Differences, again.Differences);
    }

    [Fact]
    public async Task Objects_without_md5_are_read_and_one_flipped_bit_is_found()
    {
        var pair = await DataPair.CreateAsync(azurite);
        byte[] content = new byte[100_000], flipped = new byte[100_000];
        flipped[77_777] = 1;
        await pair.Source.PutInBlocksAsync("same", content);
        await pair.Target.PutInBlocksAsync("same", content);
        await pair.Source.PutInBlocksAsync("flipped", content);
        await pair.Target.PutInBlocksAsync("flipped", flipped);

        var found = await pair.CompareAsync();

        Assert.Equal([new ObjectDifference("flipped", "different")], found.Differences);
        Assert.Equal(200_000, found.BytesRead);
    }

    [Fact]
    public async Task What_changed_within_the_lag_is_lagging_and_no_mismatch()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order", "1");
        await pair.CopyChangesAsync();
        await pair.Source.PutAsync("order", "2");
        await pair.Source.PutAsync("order-2", "new");

        var found = await pair.CompareAsync(maxLag: TimeSpan.FromMinutes(1));

        Assert.Equal((0, 0, 2), (found.Missing, found.Different, found.Lagging));
        Assert.Empty(found.Differences);
    }

    [Fact]
    public async Task A_deep_check_finds_content_that_its_md5_belies()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order", "one");
        await pair.CopyChangesAsync();
        var md5 = (await pair.Source.GetBlobClient("order").GetPropertiesAsync()).Value.ContentHash;
        await pair.Target.PutInBlocksAsync("order", "two"u8.ToArray());
        await pair.Target.GetBlobClient("order").SetHttpHeadersAsync(new BlobHttpHeaders { ContentType = "application/octet-stream", ContentHash = md5 });

        Assert.Empty((await pair.CompareAsync()).Differences);
        Assert.Equal([new ObjectDifference("order", "different")], (await pair.CompareAsync(deepOneIn: 1)).Differences);
    }

    [Fact]
    public async Task A_comparison_that_takes_the_sample_on_its_way_finds_belied_content_and_all_that_the_listings_tell()
    {
        var pair = await DataPair.CreateAsync(azurite);
        foreach (var name in new[] { "belied", "missing", "same" }) await pair.Source.PutAsync(name, "one");
        await pair.CopyChangesAsync();
        var md5 = (await pair.Source.GetBlobClient("belied").GetPropertiesAsync()).Value.ContentHash;
        await pair.Target.PutInBlocksAsync("belied", "two"u8.ToArray());
        await pair.Target.GetBlobClient("belied").SetHttpHeadersAsync(new BlobHttpHeaders { ContentType = "application/octet-stream", ContentHash = md5 });
        await pair.Target.DeleteBlobAsync("missing");

        var found = await pair.CompareAsync(alsoReadOneIn: 1);
        var withoutSample = await pair.CompareAsync(alsoReadOneIn: int.MaxValue);

        Assert.Equal(
            [new ObjectDifference("belied", "different"), new ObjectDifference("missing", "missing")], found.Differences.OrderBy(difference => difference.Name, StringComparer.Ordinal));
        Assert.Equal((3, 2, 6), (found.Compared, found.DeepChecked, found.BytesRead));
        Assert.Equal((3, 0, 0), (withoutSample.Compared, withoutSample.DeepChecked, withoutSample.Different));
    }

    [Fact]
    public async Task A_deep_check_draws_the_same_sample_each_time_and_about_as_many_as_asked()
    {
        var pair = await DataPair.CreateAsync(azurite);
        for (var i = 0; i < 60; i++) await pair.Source.PutAsync($"order {i}", $"{i}");
        await pair.CopyChangesAsync();

        var first = await pair.CompareAsync(deepOneIn: 4);

        Assert.InRange(first.Compared, 5, 30);
        Assert.Equal(first.BytesRead, (await pair.CompareAsync(deepOneIn: 4)).BytesRead);
    }

    [Fact]
    public async Task All_differences_of_a_batch_are_in_a_document_and_ten_in_the_answer()
    {
        var pair = await DataPair.CreateAsync(azurite);
        var names = Enumerable.Range(10, 12).Select(number => $"extra {number}\n").ToList();
        foreach (var name in names) await pair.Target.PutAsync(name, "x");

        var found = await pair.CompareAsync();
        var again = await pair.CompareAsync();
        await pair.Target.PutAsync("another", "x");
        var otherwise = await pair.CompareAsync();

        Assert.Equal((12, 10), (found.Extra, found.Differences.Length));
        Assert.Equal(names.Select(name => new ObjectDifference(name, "extra")), await pair.DifferencesAsync(found.Part!));
        Assert.Equal(found.Part, again.Part);
        Assert.NotEqual(found.Part, otherwise.Part);
        Assert.Equal(12, (await pair.DifferencesAsync(found.Part!)).Count);
    }

    [Fact]
    public async Task A_batch_without_differences_writes_nothing()
    {
        var pair = await DataPair.CreateAsync(azurite);
        await pair.Source.PutAsync("order", "1");
        await pair.CopyChangesAsync();

        Assert.Null((await pair.CompareAsync()).Part);
    }

    [Fact]
    public async Task A_stored_md5_that_is_not_the_contents_own_is_told_even_where_both_sides_are_equal()
    {
        var pair = await DataPair.CreateAsync(azurite);
        foreach (var container in new[] { pair.Source, pair.Target })
        {
            await container.PutAsync("order", "one");
            await container.PutAsync("true", "one");
            await container.GetBlobClient("order").SetHttpHeadersAsync(new BlobHttpHeaders { ContentHash = new byte[16] });
        }

        var found = await pair.CompareAsync(alsoReadOneIn: 1);

        Assert.Equal((2, 2, 1), (found.Compared, found.DeepChecked, found.Belied));
        Assert.Empty(found.Differences);
    }
}
