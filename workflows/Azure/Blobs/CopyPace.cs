namespace Orchestrator.Workflows.Azure.Blobs;

/// <param name="ObjectsPerSecond">Null: as many as go.</param>
/// <param name="BytesPerSecond">Null: as many as go.</param>
internal sealed record CopyRates(long? ObjectsPerSecond, long? BytesPerSecond)
{
    public static CopyRates Unlimited { get; } = new(null, null);

    public bool IsThrottled => ObjectsPerSecond is not null || BytesPerSecond is not null;
}

/// <summary>
/// Keeps all that copies under it, however much of it side by side, to rates that somebody may change at any moment: they are looked up every few seconds,
/// and who waits sees a change within a moment. What is too large to be paid for at once is begun all the same and waited for after, so that the rates hold
/// over time. The framework's limiters take neither a change of rate nor a clock.
/// </summary>
/// <param name="look">Finds the rates that hold now; where it fails, the last ones go on to hold.</param>
internal sealed class CopyPace(Func<CancellationToken, Task<CopyRates>> look, TimeProvider time, Action<Exception> failed)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Allowance _objects = new(), _bytes = new();
    private CopyRates _rates = CopyRates.Unlimited;
    private long _filled = time.GetTimestamp();
    private long _looked = time.GetTimestamp();
    private int _isLooking;
    private int _sharers;

    /// <summary>How many batches share the rates now.</summary>
    public int Sharers => Volatile.Read(ref _sharers);

    public bool IsThrottled
    {
        get { lock (_lock) return _rates.IsThrottled; }
    }

    /// <summary>Begins a batch, with the rates that hold as it begins. It gives its share back with <see cref="Leave"/>.</summary>
    public async Task EnterAsync()
    {
        Interlocked.Increment(ref _sharers);
        await LookAsync();
    }

    public void Leave() => Interlocked.Decrement(ref _sharers);

    /// <summary>Waits until so much more may be copied.</summary>
    /// <returns>False, and nothing taken, where it took too long.</returns>
    public async ValueTask<bool> TakeAsync(long objects, long bytes, Func<bool> isOutOfTime, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (time.GetElapsedTime(Interlocked.Read(ref _looked)) >= LookEvery) _ = LookAsync();
            if (TryTake(objects, bytes) is not { } pause) return true;
            if (isOutOfTime()) return false;
            await time.WaitAsync(pause < Moment ? pause : Moment, cancellationToken);
        }
    }

    /// <summary>How much of a limit one batch's share allows in a time; the limit itself where nothing is throttled.</summary>
    public (int Objects, long Bytes) Within(TimeSpan span, int objects, long bytes)
    {
        lock (_lock)
        {
            var share = span.TotalSeconds / Math.Max(1, Sharers);
            return (
                _rates.ObjectsPerSecond is { } objectRate ? (int)Math.Clamp(objectRate * share, 1, objects) : objects,
                _rates.BytesPerSecond is { } byteRate ? (long)Math.Clamp(byteRate * share, 1, bytes) : bytes);
        }
    }

    /// <returns>How long to wait; null where it was taken.</returns>
    private TimeSpan? TryTake(long objects, long bytes)
    {
        lock (_lock)
        {
            var seconds = time.GetElapsedTime(_filled).TotalSeconds;
            _filled = time.GetTimestamp();
            _objects.Fill(_rates.ObjectsPerSecond, seconds);
            _bytes.Fill(_rates.BytesPerSecond, seconds);
            var wait = Math.Max(objects > 0 ? _objects.SecondsToWait(_rates.ObjectsPerSecond) : 0, bytes > 0 ? _bytes.SecondsToWait(_rates.BytesPerSecond) : 0);
            if (wait > 0) return TimeSpan.FromSeconds(Math.Clamp(wait, 0.001, Moment.TotalSeconds));
            _objects.Take(_rates.ObjectsPerSecond, objects);
            _bytes.Take(_rates.BytesPerSecond, bytes);
            return null;
        }
    }

    private async Task LookAsync()
    {
        if (Interlocked.CompareExchange(ref _isLooking, 1, 0) != 0) return;
        try
        {
            using var patience = new CancellationTokenSource(LookPatience);
            var rates = await look(patience.Token);
            lock (_lock)
            {
                if (rates == _rates) return;
                _rates = rates;
                // What was saved or owed under other rates is nobody's any more.
                _objects.Clear();
                _bytes.Clear();
            }
        }
        catch (Exception unread)
        {
            failed(unread);
        }
        finally
        {
            Interlocked.Exchange(ref _looked, time.GetTimestamp());
            Volatile.Write(ref _isLooking, 0);
        }
    }

    /// <summary>What may be taken now; below zero what was taken before its time.</summary>
    private sealed class Allowance
    {
        private double _saved;

        public void Fill(long? rate, double seconds) => _saved = rate is { } r ? Math.Min(_saved + (r * seconds), r * Moment.TotalSeconds) : 0;

        public double SecondsToWait(long? rate) => rate is { } r && _saved <= 0 ? Math.Max(-_saved / r, 0.001) : 0;

        public void Take(long? rate, long amount) => _saved -= rate is null ? 0 : amount;

        public void Clear() => _saved = 0;
    }
}
