using Orchestrator.Benchmarks.Data.Product;
using Orchestrator.Workflows.Data;

namespace Orchestrator.Benchmarks.Data;

/// <summary>Verifies a copy that is up to date.</summary>
internal sealed class VerifyCase
{
    private const int Repeats = 3;
    private readonly List<(double Compare, double WithCatchUp)> _perSecond = [];
    private long _deepChecked;

    public async Task TakeAsync(ProductRun product, DataSet data, int objects)
    {
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var catchUp = await Rounds.SecondsAsync(() => product.CopyChangesAsync(data));
            long compared = 0;
            var compare = await Rounds.SecondsAsync(async () => (compared, _deepChecked) = await product.CompareAsync(data, objects));
            if (compared != objects) throw new InvalidOperationException($"{compared} of {objects} objects were compared.");
            _perSecond.Add((objects / compare, objects / (catchUp + compare)));
            Console.Error.WriteLine($"delta pass {catchUp:0.00} s, comparison {compare:0.00} s");
        }
    }

    public VerifyFigure Figure(double copied)
    {
        var (compare, withCatchUp) = (_perSecond.Select(taken => taken.Compare).Median(), _perSecond.Select(taken => taken.WithCatchUp).Median());
        return new VerifyFigure(compare, copied, Math.Round(compare / copied, 3), Math.Round(withCatchUp / copied, 3), _deepChecked);
    }
}
