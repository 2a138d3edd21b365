using Orchestrator.Benchmarks.Data.Bare;
using Orchestrator.Benchmarks.Data.Product;
using Orchestrator.Workflows.Data;

namespace Orchestrator.Benchmarks.Data;

/// <summary>Passes over a copy that is nearly up to date, beside the bare listing of both sides.</summary>
internal sealed class DeltaCase(int changed)
{
    private const int Repeats = 3;
    private readonly List<(double Listing, double Unchanged, double Changed)> _seconds = [];

    public async Task TakeAsync(BareClient bare, ProductRun product, DataSet data, IReadOnlyList<SourceObject> objects)
    {
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var listing = await Rounds.SecondsAsync(() => Task.WhenAll(bare.ListAsync(data.Source), bare.ListAsync(data.Target)));
            var unchanged = await Rounds.SecondsAsync(() => PassAsync(product, data, expected: 0));
            await bare.ChangeAsync(data.Source, Enumerable.Range(0, changed).Select(number => objects[number * (objects.Count / changed)]));
            var pass = await Rounds.SecondsAsync(() => PassAsync(product, data, changed));
            _seconds.Add((listing, unchanged, pass));
            Console.Error.WriteLine($"listing {listing:0.000} s, pass {unchanged:0.000} s, pass with changes {pass:0.000} s");
        }
    }

    public DeltaFigure Figure(int objects) => new(
        objects,
        changed,
        _seconds.Select(taken => taken.Changed).Median(),
        _seconds.Select(taken => taken.Unchanged).Median(),
        _seconds.Select(taken => taken.Listing).Median(),
        _seconds.Select(taken => taken.Changed / taken.Listing).Median(),
        _seconds.Select(taken => taken.Unchanged / taken.Listing).Median());

    private static async Task PassAsync(ProductRun product, DataSet data, int expected)
    {
        var copied = await product.CopyChangesAsync(data);
        if (copied != expected) throw new InvalidOperationException($"The pass copied {copied} objects where {expected} had changed.");
    }
}
