using Orchestrator.Benchmarks.Data.Bare;
using Orchestrator.Benchmarks.Data.Memory;
using Orchestrator.Benchmarks.Data.Product;
using Orchestrator.Benchmarks.Data.Servers;

namespace Orchestrator.Benchmarks.Data;

/// <summary>Takes the figures that are wanted, each kind of data on a server of its own.</summary>
internal sealed class DataBenchmark(DataSizes sizes, DirectoryInfo place, IReadOnlyCollection<string> only)
{
    private readonly DataFigures _figures = new() { Quick = sizes.IsQuick, Rounds = sizes.Rounds };

    public static async Task<DataFigures> RunAsync(DataSizes sizes, DirectoryInfo? folder, IReadOnlyCollection<string> only)
    {
        var place = folder is null ? Directory.CreateTempSubdirectory("orchestrator-benchmark-") : folder.CreateSubdirectory($"benchmark-{Guid.NewGuid():N}");
        try
        {
            return await new DataBenchmark(sizes, place, only).RunAsync();
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    private async Task<DataFigures> RunAsync()
    {
        if (IsWanted(nameof(DataFigures.Small)) || IsWanted(nameof(DataFigures.Delta)) || IsWanted(nameof(DataFigures.Verify))) await SmallAsync();
        if (IsWanted(nameof(DataFigures.Large)))
            _figures.Large = (await SyncAsync(SourceObject.Equal(sizes.Large, sizes.LargeBytes))).InMegabytes();
        if (IsWanted(nameof(DataFigures.Mixed)))
            _figures.Mixed = (await SyncAsync(SourceObject.Mixed(sizes.Mixed, sizes.MixedMostBytes))).InBoth();
        if (IsWanted(nameof(DataFigures.Snapshot)))
            _figures.Snapshot = (await RoundsAsync(SourceObject.Equal(sizes.Small, sizes.SmallBytes), (copies, _, _) => copies.SnapshotAsync())).InObjects();
        if (IsWanted(nameof(DataFigures.Incremental))) await IncrementalAsync();
        if (IsWanted(nameof(DataFigures.Memory))) _figures.Memory = await PeakMemory.MeasureAsync(sizes, place);
        return _figures;
    }

    /// <summary>Copying, and what is done with a copy that is up to date.</summary>
    private async Task SmallAsync()
    {
        var objects = SourceObject.Equal(sizes.Small, sizes.SmallBytes);
        var (delta, verify) = (new DeltaCase(sizes.Changed), new VerifyCase());
        var copies = await RoundsAsync(objects, (copies, bare, product) => copies.SyncAsync(async data =>
        {
            if (IsWanted(nameof(DataFigures.Verify))) await verify.TakeAsync(product, data, objects.Count);
            if (IsWanted(nameof(DataFigures.Delta))) await delta.TakeAsync(bare, product, data, objects);
        }));

        if (IsWanted(nameof(DataFigures.Small))) _figures.Small = copies.InObjects();
        if (IsWanted(nameof(DataFigures.Verify))) _figures.Verify = verify.Figure(copies.ObjectsPerSecond);
        if (IsWanted(nameof(DataFigures.Delta))) _figures.Delta = delta.Figure(objects.Count);
    }

    private async Task IncrementalAsync()
    {
        await using var azurite = await AzuriteServer.StartAsync(place);
        using var bare = new BareClient(azurite.Key);
        var (product, source, objects) = (new ProductRun(azurite), azurite.NewContainer("shopstore"), SourceObject.Equal(sizes.Small, sizes.SmallBytes));
        await WarmUpAsync(azurite, bare, product);
        await bare.FillAsync(source, objects);
        var increment = new IncrementCase(sizes.Changed);
        await increment.TakeAsync(azurite, bare, product, source, objects);
        _figures.Incremental = increment.Figure(objects.Count);
    }

    private Task<CopyCase> SyncAsync(IReadOnlyList<SourceObject> objects) => RoundsAsync(objects, (copies, _, _) => copies.SyncAsync());

    private async Task<CopyCase> RoundsAsync(IReadOnlyList<SourceObject> objects, Func<CopyCase, BareClient, ProductRun, Task> round)
    {
        await using var azurite = await AzuriteServer.StartAsync(place);
        using var bare = new BareClient(azurite.Key);
        var product = new ProductRun(azurite);
        var source = azurite.NewContainer("shopstore");
        await WarmUpAsync(azurite, bare, product);

        await bare.FillAsync(source, objects);
        var copies = new CopyCase(azurite, bare, product, source, objects);
        for (var number = 0; number < sizes.Rounds; number++) await round(copies, bare, product);
        return copies;
    }

    /// <summary>Until the code is compiled, here and in the server.</summary>
    private static async Task WarmUpAsync(AzuriteServer azurite, BareClient bare, ProductRun product)
    {
        var objects = SourceObject.Equal(300, 4 << 10);
        var source = azurite.NewContainer("shopstore");
        await bare.FillAsync(source, objects);
        var copies = new CopyCase(azurite, bare, product, source, objects);
        for (var number = 0; number < 2; number++) await copies.SyncAsync();
    }

    private bool IsWanted(string name) => only.Contains(name, StringComparer.OrdinalIgnoreCase);
}
