namespace Orchestrator.Workflows.Probing;

/// <summary>Adds up the probes of a span, given in the order in which they were sent.</summary>
internal sealed class ProbeTally(ProbeSpan span, int rate)
{
    /// <summary>Answers are counted by the millisecond; a slower one than this has failed anyway.</summary>
    private const int Slowest = 10_000;

    private readonly long[] _times = new long[Slowest + 1];
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1) / rate;
    private long _probes, _failed, _sum;
    private DateTimeOffset? _last, _downSince;
    private TimeSpan _down, _longest, _blind;

    /// <summary>Between two probes no more than this passes while the prober runs; it is two intervals, and a second at least.</summary>
    private TimeSpan Blindness => TimeSpan.FromSeconds(1) > _interval * 2 ? TimeSpan.FromSeconds(1) : _interval * 2;

    public bool Add(DateTimeOffset at, Probe probe)
    {
        if (at < span.From || at >= span.To) return false;
        Pass(_last ?? span.From, at);
        (_last, _probes) = (at, _probes + 1);
        if (probe.Fault is not null)
        {
            _failed++;
            _downSince ??= at;
            return true;
        }

        Up(at);
        _sum += probe.Took;
        _times[Math.Min(probe.Took, Slowest)]++;
        return true;
    }

    public ProbeFigures End()
    {
        Pass(_last ?? span.From, span.To);
        // Nothing is known of what came after the last one.
        Up(_last + _interval is { } then && then < span.To ? then : span.To);
        var (length, good) = (span.To - span.From, _probes - _failed);
        return new ProbeFigures(
            span.Name, span.From, span.To, _probes, _failed, Milliseconds(_down), Milliseconds(_longest),
            good == 0 ? null : Array.FindLastIndex(_times, count => count > 0),
            good == 0 ? null : Math.Round((double)_sum / good, 1),
            good == 0 ? null : Percentile(good, 0.95),
            length > TimeSpan.Zero ? Math.Round(1 - (_blind / length), 4) : 1);
    }

    private void Pass(DateTimeOffset from, DateTimeOffset to)
    {
        if (to - from > Blindness) _blind += _last is null ? to - from : to - from - _interval;
    }

    private void Up(DateTimeOffset at)
    {
        if (_downSince is not { } since) return;
        _down += at - since;
        if (at - since > _longest) _longest = at - since;
        _downSince = null;
    }

    private long Percentile(long good, double share)
    {
        var (left, time) = ((long)Math.Ceiling(good * share), 0);
        while ((left -= _times[time]) > 0) time++;
        return time;
    }

    private static long Milliseconds(TimeSpan span) => (long)Math.Round(span.TotalMilliseconds);
}
