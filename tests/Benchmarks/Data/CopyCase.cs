using Orchestrator.Benchmarks.Data.Bare;
using Orchestrator.Benchmarks.Data.Product;
using Orchestrator.Benchmarks.Data.Servers;
using Orchestrator.Workflows.Data;

namespace Orchestrator.Benchmarks.Data;

/// <summary>Copies the same objects with the bare client and with the product, in turns, so that what else the machine does hits both.</summary>
internal sealed class CopyCase(AzuriteServer azurite, BareClient bare, ProductRun product, string source, IReadOnlyList<SourceObject> objects)
{
    private readonly List<(double Bare, double Product)> _seconds = [];

    public double ObjectsPerSecond => Per(objects.Count, round => round.Product);

    public Throughput InObjects() => new(ObjectsPerSecond, MbPerSecond: null, Per(objects.Count, round => round.Bare), Ratio);

    public Throughput InMegabytes() => new(ObjectsPerSecond: null, Per(Megabytes, round => round.Product), Per(Megabytes, round => round.Bare), Ratio);

    public Throughput InBoth() => InObjects() with { MbPerSecond = Per(Megabytes, round => round.Product) };

    /// <summary>One round of passes that copy everything.</summary>
    /// <param name="copied">What is to be done with the product's copy before it is deleted.</param>
    public Task SyncAsync(Func<DataSet, Task>? copied = null)
    {
        var data = ProductRun.Pair(source, azurite.NewContainer());
        return RoundAsync(data, product.EnsureTargetAsync, product.CopyChangesAsync, copied);
    }

    /// <summary>One round of snapshots.</summary>
    public Task SnapshotAsync()
    {
        var data = ProductRun.Pair(source, azurite.NewContainer());
        return RoundAsync(data, _ => bare.CreateContainerAsync(data.Target), async _ => (await product.SnapshotAsync(data, data.Target)).Objects, copied: null);
    }

    private async Task RoundAsync(DataSet data, Func<DataSet, Task> prepare, Func<DataSet, Task<long>> copy, Func<DataSet, Task>? copied)
    {
        // One copy at a time, and who comes first changes from round to round: the store has more to do the more it holds.
        var bareFirst = _seconds.Count % 2 == 0;
        var bareSeconds = bareFirst ? await BareAsync() : 0;
        await prepare(data);
        var productSeconds = await azurite.SecondsAsync("product", async () => Demand(await copy(data)));
        if (copied is not null) await copied(data);
        await bare.DeleteContainerAsync(data.Target);
        if (!bareFirst) bareSeconds = await BareAsync();

        _seconds.Add((bareSeconds, productSeconds));
    }

    private async Task<double> BareAsync()
    {
        var target = azurite.NewContainer();
        await bare.CreateContainerAsync(target);
        var seconds = await azurite.SecondsAsync("bare", () => BareCopy.RunAsync(bare, source, target, objects));
        await bare.DeleteContainerAsync(target);
        return seconds;
    }

    private void Demand(long copied)
    {
        if (copied != objects.Count) throw new InvalidOperationException($"The product copied {copied} of {objects.Count} objects.");
    }

    private double Megabytes => objects.Sum(item => item.Bytes) / 1048576.0;

    private double Ratio => _seconds.Select(round => round.Bare / round.Product).Median();

    private double Per(double amount, Func<(double Bare, double Product), double> seconds) => _seconds.Select(round => amount / seconds(round)).Median();
}
