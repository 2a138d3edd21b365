namespace Orchestrator.Benchmarks.Data.Bare;

/// <summary>Puts objects of random bytes into containers.</summary>
internal static class Filling
{
    public static async Task FillAsync(this BareClient client, string container, IEnumerable<SourceObject> objects)
    {
        var random = new byte[BareCopy.PieceBytes + 4096];
        Random.Shared.NextBytes(random);
        await client.CreateContainerAsync(container);
        await Parallel.ForEachAsync(objects, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (item, _) => await PutAsync(client, container, item, random));
    }

    /// <summary>One piece, sent once and named as often as it takes: read, it is as large as any other.</summary>
    public static async Task FillHugeAsync(this BareClient client, string container, SourceObject item)
    {
        await client.CreateContainerAsync(container);
        await client.PutBlockAsync($"{container}/{item.Name}", 0, new byte[BareCopy.PieceBytes]);
        await client.PutBlockListAsync($"{container}/{item.Name}", Enumerable.Repeat(0, (int)(item.Bytes / BareCopy.PieceBytes)));
    }

    /// <summary>Writes objects anew with other content.</summary>
    public static async Task ChangeAsync(this BareClient client, string container, IEnumerable<SourceObject> objects)
    {
        foreach (var item in objects)
        {
            var content = new byte[item.Bytes];
            Random.Shared.NextBytes(content);
            await client.PutAsync($"{container}/{item.Name}", content);
        }
    }

    private static async Task PutAsync(BareClient client, string container, SourceObject item, byte[] random)
    {
        var url = $"{container}/{item.Name}";
        if (item.Bytes <= BareCopy.PieceBytes)
        {
            await client.PutAsync(url, random.AsMemory(Random.Shared.Next(4096), (int)item.Bytes));
            return;
        }

        var blocks = (int)((item.Bytes + BareCopy.PieceBytes - 1) / BareCopy.PieceBytes);
        for (var index = 0; index < blocks; index++)
        {
            var length = (int)Math.Min(BareCopy.PieceBytes, item.Bytes - (long)index * BareCopy.PieceBytes);
            await client.PutBlockAsync(url, index, random.AsMemory(Random.Shared.Next(4096), length));
        }

        await client.PutBlockListAsync(url, Enumerable.Range(0, blocks));
    }
}
