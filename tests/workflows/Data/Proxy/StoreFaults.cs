using System.Collections.Immutable;

namespace Orchestrator.Workflows.Tests.Data;

internal enum StoreFault
{
    None,
    Busy,
    CutBefore,
    CutAfter,
    CutBody,
    Late,
}

/// <summary>What goes wrong between a client and its store: shares of all requests, drawn in the order of their arrival, and rules for chosen ones.</summary>
public sealed class StoreFaults(int seed = 0)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private readonly long[] _counts = new long[Enum.GetValues<StoreFault>().Length];
    private ImmutableArray<StoreFaultRule> _rules = [];

    /// <summary>The share of requests, 0 to 1, that is answered 503 ServerBusy.</summary>
    public double BusyShare { get; set; }

    /// <summary>The share whose connection is cut before the store has seen them.</summary>
    public double CutBeforeShare { get; set; }

    /// <summary>The share whose connection is cut when the store has done them: the answer is lost.</summary>
    public double CutAfterShare { get; set; }

    /// <summary>The share whose connection is cut in the middle of the answer's body; only GETs are.</summary>
    public double CutBodyShare { get; set; }

    /// <summary>The share whose connection is cut and which reach the store later, when nobody waits for them any more; only PUTs and DELETEs do.</summary>
    public double LateShare { get; set; }

    /// <summary>How much later at most.</summary>
    public TimeSpan Lateness { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Sent with each ServerBusy, in whole seconds, where set.</summary>
    public TimeSpan? RetryAfter { get; set; }

    public long Busy => _counts[(int)StoreFault.Busy];

    public long CutBefore => _counts[(int)StoreFault.CutBefore];

    public long CutAfter => _counts[(int)StoreFault.CutAfter];

    public long CutBody => _counts[(int)StoreFault.CutBody];

    public long Late => _counts[(int)StoreFault.Late];

    /// <summary>Those of the shares; a rule counts its own.</summary>
    public long Total => Busy + CutBefore + CutAfter + CutBody + Late;

    /// <summary>The same share of busy answers and of cuts before, after and within the answer.</summary>
    public static StoreFaults All(int seed, double share) =>
        new(seed) { BusyShare = share, CutBeforeShare = share, CutAfterShare = share, CutBodyShare = share };

    /// <summary>Answers requests that <paramref name="which"/> chooses with an error and keeps them from the store, <paramref name="times"/> times.</summary>
    public StoreFaultRule Fail(Func<StoreRequest, bool> which, int status, string code, int times = int.MaxValue)
    {
        var rule = new StoreFaultRule(which, status, code, times);
        ImmutableInterlocked.Update(ref _rules, rules => rules.Add(rule));
        return rule;
    }

    internal StoreFaultRule? RuleFor(StoreRequest request) => _rules.FirstOrDefault(rule => rule.Takes(request));

    internal StoreFault Next(StoreRequest request)
    {
        lock (_lock)
        {
            var drawn = Draw(_random.NextDouble());
            if (drawn == StoreFault.CutBody && request.Method != HttpMethod.Get) drawn = StoreFault.None;
            if (drawn == StoreFault.Late && request.Method != HttpMethod.Put && request.Method != HttpMethod.Delete) drawn = StoreFault.None;
            _counts[(int)drawn]++;
            return drawn;
        }
    }

    internal TimeSpan DrawLateness()
    {
        lock (_lock) return Lateness * _random.NextDouble();
    }

    private StoreFault Draw(double at)
    {
        if ((at -= BusyShare) < 0) return StoreFault.Busy;
        if ((at -= CutBeforeShare) < 0) return StoreFault.CutBefore;
        if ((at -= CutAfterShare) < 0) return StoreFault.CutAfter;
        if ((at -= LateShare) < 0) return StoreFault.Late;
        return at - CutBodyShare < 0 ? StoreFault.CutBody : StoreFault.None;
    }
}
