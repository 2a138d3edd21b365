using Orchestrator.Benchmarks.Data.Bare;
using Orchestrator.Benchmarks.Data.Product;
using Orchestrator.Benchmarks.Data.Servers;

namespace Orchestrator.Benchmarks.Data;

/// <summary>Snapshots of a source of which nearly everything is in the newest snapshot, beside the bare listing of source and snapshot container.</summary>
internal sealed class IncrementCase(int changed)
{
    private const int Repeats = 3;
    private readonly List<(double Listing, double Seconds)> _seconds = [];
    private int _runs;

    public async Task TakeAsync(AzuriteServer azurite, BareClient bare, ProductRun product, string source, IReadOnlyList<SourceObject> objects)
    {
        var data = ProductRun.Pair(source, azurite.NewContainer());
        await bare.CreateContainerAsync(data.Target);
        await SnapshotAsync(product, data, objects.Count, objects.Count);
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            await bare.ChangeAsync(source, Enumerable.Range(0, changed).Select(number => objects[number * (objects.Count / changed)]));
            var listing = await Rounds.SecondsAsync(() => Task.WhenAll(bare.ListAsync(source), bare.ListAsync(data.Target)));
            var seconds = await Rounds.SecondsAsync(() => SnapshotAsync(product, data, objects.Count, changed));
            _seconds.Add((listing, seconds));
            Console.Error.WriteLine($"listing {listing:0.000} s, snapshot with {changed} changes {seconds:0.000} s");
        }

        await bare.DeleteContainerAsync(data.Target);
    }

    public IncrementFigure Figure(int objects) => new(
        objects,
        changed,
        _seconds.Select(taken => taken.Seconds).Median(),
        _seconds.Select(taken => taken.Listing).Median(),
        _seconds.Select(taken => taken.Seconds / taken.Listing).Median());

    private async Task SnapshotAsync(ProductRun product, Workflows.Data.DataSet data, long objects, long copied)
    {
        var snapshot = await product.SnapshotAsync(data, data.Target, $"{ProductRun.RunId}-{_runs++}");
        if (snapshot != (objects, copied)) throw new InvalidOperationException($"The snapshot of {snapshot.Objects} objects copied {snapshot.Copied} where {copied} of {objects} had changed.");
    }
}
