using Orchestrator.Benchmarks.Data.Product;
using Orchestrator.Workflows.Sync;

namespace Orchestrator.Benchmarks.Data;

/// <summary>Verifies a copy that is up to date.</summary>
internal sealed class VerifyCase
{
    private readonly List<double> _perSecond = [];
    private long _deepChecked;

    public async Task TakeAsync(ProductRun product, DataSet data)
    {
        long compared = 0;
        var seconds = await Rounds.SecondsAsync(async () => (compared, _deepChecked) = await product.VerifyAsync(data));
        _perSecond.Add(compared / seconds);
        Console.Error.WriteLine($"verification: {seconds:0.00} s");
    }

    public VerifyFigure Figure(double copied) => new(_perSecond.Median(), copied, Math.Round(_perSecond.Median() / copied, 3), _deepChecked);
}
