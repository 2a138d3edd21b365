namespace Orchestrator.Workflows.Tests.Data;

/// <summary>Refuses what comes while <see cref="Limit"/> requests are under way.</summary>
public sealed class StoreThrottle
{
    private readonly Lock _lock = new();
    private int _arrived;
    private int _admitted;
    private int _max;
    private long _refusals;

    /// <summary>None where null.</summary>
    public int? Limit { get; set; }

    /// <summary>Sent with each refusal, in whole seconds, where set.</summary>
    public TimeSpan? RetryAfter { get; set; }

    /// <summary>The most requests that were there at once, the refused among them.</summary>
    public int MaxUnderWay => _max;

    public long Refusals => Interlocked.Read(ref _refusals);

    /// <summary>The most since the last call: how parallel the client was in between.</summary>
    public int TakeMaxUnderWay()
    {
        lock (_lock)
        {
            var max = _max;
            _max = _arrived;
            return max;
        }
    }

    internal Place Enter()
    {
        lock (_lock)
        {
            _max = Math.Max(_max, ++_arrived);
            var admitted = Limit is not { } limit || _admitted < limit;
            if (admitted) _admitted++;
            else _refusals++;
            return new Place(this, admitted);
        }
    }

    private void Leave(bool admitted)
    {
        lock (_lock)
        {
            _arrived--;
            if (admitted) _admitted--;
        }
    }

    internal sealed class Place(StoreThrottle throttle, bool admitted) : IDisposable
    {
        private bool _left;

        public bool IsAdmitted => admitted;

        public void Dispose()
        {
            if (_left) return;
            _left = true;
            throttle.Leave(admitted);
        }
    }
}
