using Orchestrator.Workflows.Data.BlobContainers;

namespace Orchestrator.Workflows.Tests.Data;

/// <summary>What passes keep to, whatever customers write to both sides and whatever happens to the passes.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class SharedPassPropertyTests(Azurite azurite)
{
    private const string Key = "00000000000000000001";

    [Theory]
    [InlineData(21, Trouble.None), InlineData(22, Trouble.None)]
    [InlineData(23, Trouble.Deaths), InlineData(24, Trouble.Deaths), InlineData(25, Trouble.Deaths)]
    [InlineData(26, Trouble.LateWrites), InlineData(27, Trouble.LateWrites)]
    public async Task What_customers_write_and_delete_on_either_side_is_on_both_at_the_end_whatever_batches_do(int seed, Trouble trouble)
    {
        await using var proxy = await StoreProxy.StartAsync(azurite);
        var direct = await DataPair.CreateAsync(azurite);
        var pair = direct.Through(proxy);
        var random = new Random(seed);
        // Names of both sides are there from the start.
        await new RandomTree(seed + 1, direct.Source, "s/", withMd5: true).ChangeAsync(30);
        await new RandomTree(seed + 2, direct.Source, "t/", withMd5: true).ChangeAsync(30);
        await pair.CopyChangesAsync(full: true);
        await pair.ShareAsync(Key);
        var isTroubled = trouble != Trouble.None;
        var (here, there) = (new RandomTree(seed + 3, direct.Source, "s/", isTroubled), new RandomTree(seed + 4, direct.Target, "t/", isTroubled));
        var cursors = new List<(PassCursor? At, bool Back)> { (null, false), (null, true) };
        var last = (At: (PassCursor?)null, Back: true);
        var late = 0L;

        for (var round = 0; round < 16; round++)
        {
            await Task.WhenAll(here.ChangeAsync(8), there.ChangeAsync(8));
            var changing = Task.WhenAll(here.ChangeAsync(5), there.ChangeAsync(5));
            // While both sides go on changing, the next batch in turn; or one of either direction from anywhere, old places included, which may die.
            var (cursor, back) = isTroubled ? cursors[random.Next(cursors.Count)] : last.At is null ? (null, !last.Back) : last;
            var dies = isTroubled && random.Next(2) == 0;
            if (trouble == Trouble.LateWrites) proxy.Faults = new StoreFaults(seed + round) { LateShare = dies ? 0.3 : 0.03 };
            last = (await TryBatchAsync(pair, cursor, back, random, dies), back);
            if (last.At is not null) cursors.Add(last);
            await changing;
            late += proxy.Faults.Late;
        }

        proxy.Faults = new();
        await proxy.LandedAsync();
        Assert.Equal(trouble == Trouble.LateWrites, late > 0);
        // A pass that is given up half way is a trouble.
        while (!isTroubled && last.At is not null) last = (await TryBatchAsync(pair, last.At, last.Back, random, dies: false), last.Back);
        var conflicts = await pair.ShareUntilQuietAsync(Key);
        Assert.Empty(conflicts);
        await direct.AssertEqualAsync();
        foreach (var (name, content) in here.Acknowledged.Concat(there.Acknowledged)) await AssertHeldAsync(direct, name, content);
        Assert.Empty(await pair.ShareUntilQuietAsync(Key, full: true));
    }

    private static async Task<PassCursor?> TryBatchAsync(DataPair pair, PassCursor? cursor, bool back, Random random, bool dies)
    {
        using var death = new CancellationTokenSource();
        if (dies) death.CancelAfter(random.Next(5, 120));
        try
        {
            return (await pair.PassAsync(cursor, random.Next(1, 30), full: random.Next(3) == 0, reverse: back, shared: true, death.Token)).Next;
        }
        catch (OperationCanceledException) when (dies)
        {
            return null;
        }
    }

    private static async Task AssertHeldAsync(DataPair pair, string name, byte[]? content)
    {
        var blob = pair.Source.GetBlobClient(name);
        if (content is null) Assert.False(await blob.ExistsAsync(), $"'{name}' was deleted by a customer and is back.");
        else Assert.True(await blob.ExistsAsync() && (await blob.DownloadContentAsync()).Value.Content.ToMemory().Span.SequenceEqual(content), $"What a customer wrote to '{name}' is lost.");
    }

    public enum Trouble
    {
        None,

        /// <summary>Batches end anywhere, and old ones are taken again.</summary>
        Deaths,

        /// <summary>Besides, the store gets writes when nobody waits for them any more.</summary>
        LateWrites,
    }
}
