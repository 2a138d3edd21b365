namespace Orchestrator.Workflows.Migrations;

/// <summary>Rates over the last half minute: work that has slowed down, or stands, shows it. Deterministic, so an orchestrator may use it.</summary>
internal sealed class RateWindow
{
    private static readonly TimeSpan Width = TimeSpan.FromSeconds(30);
    private readonly Queue<Sample> _samples = new();
    private Sample? _last;

    /// <summary>Notes what was done in all by <paramref name="at"/>; times never go back.</summary>
    public void Add(DateTimeOffset at, long objects, long bytes)
    {
        _last = new Sample(at, objects, bytes);
        _samples.Enqueue(_last);
        // The oldest sample left is the youngest of those that are a window's width old: the window is never shorter for want of samples.
        while (_samples.Count > 2 && at - _samples.ElementAt(1).At >= Width) _samples.Dequeue();
    }

    /// <summary>Null until time has passed between two notes.</summary>
    public Rates? Rates
    {
        get
        {
            if (_samples.Count < 2) return null;
            var first = _samples.Peek();
            var seconds = (_last!.At - first.At).TotalSeconds;
            return seconds > 0 ? new Rates((_last.Objects - first.Objects) / seconds, (_last.Bytes - first.Bytes) / seconds) : null;
        }
    }

    private sealed record Sample(DateTimeOffset At, long Objects, long Bytes);
}

/// <summary>What is done in a second.</summary>
public sealed record Rates(double Objects, double Bytes)
{
    /// <summary>How long the rest takes: by objects or by bytes, whichever is longer. Null where the rates tell nothing of it.</summary>
    public int? SecondsFor(long objects, long bytes)
    {
        if (objects <= 0) return 0;
        var byObjects = Objects > 0 ? objects / Objects : 0;
        var byBytes = Bytes > 0 ? Math.Max(0, bytes) / Bytes : 0;
        var longer = Math.Max(byObjects, byBytes);
        return longer > 0 ? (int)Math.Min(int.MaxValue, Math.Ceiling(longer)) : null;
    }
}
