namespace Orchestrator.Benchmarks.Footprint;

/// <summary>Numbers by name. What is not there is zero.</summary>
internal sealed class Counts
{
    private readonly SortedDictionary<string, double> _values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, double> Values => _values;

    public double this[string name]
    {
        get => _values.GetValueOrDefault(name);
        set => _values[name] = value;
    }

    public void Add(Counts others)
    {
        foreach (var (name, value) in others._values) this[name] += value;
    }

    public Counts Since(Counts before) => Combine(this, before, (now, then) => now - then);

    /// <summary>What a thousand objects more cost, seen from two runs of different size.</summary>
    public static Counts PerThousand(Counts small, long smallObjects, Counts large, long largeObjects) =>
        Combine(large, small, (more, fewer) => Math.Round((more - fewer) * 1000 / (largeObjects - smallObjects), 2));

    /// <summary>What a run costs without any object, by the same line.</summary>
    public static Counts Fixed(Counts small, long smallObjects, Counts perThousand) =>
        Combine(small, perThousand, (all, each) => Math.Round(all - (each * smallObjects / 1000), 1));

    private static Counts Combine(Counts one, Counts other, Func<double, double, double> how)
    {
        var counts = new Counts();
        foreach (var name in one._values.Keys.Union(other._values.Keys))
            if (how(one[name], other[name]) is var value && value != 0) counts[name] = value;
        return counts;
    }
}
