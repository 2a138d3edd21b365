namespace Orchestrator.Workflows.Azure.Blobs;

/// <summary>
/// How many requests may be under way at a store. Halved when it says that it is too busy, at most once for those that were under way then; one more after
/// as many as were allowed went well, up to the limit. While a Retry-After runs nothing new is begun.
/// </summary>
internal sealed class AdaptiveGate
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private readonly int _limit;
    private readonly TimeProvider _time;
    private int _allowed;
    private int _underWay;
    private int _wentWell;
    private long _begun;
    private long _halvedAt = -1;
    private DateTimeOffset _quietUntil;

    public AdaptiveGate(int limit, TimeProvider time) => (_limit, _allowed, _time) = (limit, limit, time);

    /// <summary>How many may be under way now.</summary>
    public int Allowed
    {
        get { lock (_lock) return _allowed; }
    }

    /// <summary>Waits for a place. Whoever got one gives it back with <see cref="Leave"/>.</summary>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Enqueue(turn);
            Admit();
        }

        using (cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken))) await turn.Task;
        try
        {
            if (Quiet is var pause && pause > TimeSpan.Zero) await _time.WaitAsync(pause, cancellationToken);
        }
        catch
        {
            Leave(wentWell: false);
            throw;
        }
    }

    public void Leave(bool wentWell)
    {
        lock (_lock)
        {
            _underWay--;
            if (wentWell && _allowed < _limit && ++_wentWell >= _allowed)
            {
                _allowed++;
                _wentWell = 0;
            }

            Admit();
        }
    }

    /// <summary>The store said that it is too busy.</summary>
    /// <param name="retryAfter">How long it wants to be left alone.</param>
    public void Throttle(TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            if (retryAfter is { } pause && _time.GetUtcNow() + pause > _quietUntil) _quietUntil = _time.GetUtcNow() + pause;
            // What was begun before the last halving tells nothing of the half.
            if (_begun - _halvedAt < _allowed && _halvedAt >= 0) return;
            _allowed = Math.Max(1, _allowed / 2);
            _halvedAt = _begun;
            _wentWell = 0;
        }
    }

    private TimeSpan Quiet
    {
        get { lock (_lock) return _quietUntil - _time.GetUtcNow(); }
    }

    private void Admit()
    {
        while (_underWay < _allowed && _waiting.TryDequeue(out var next))
        {
            // Who gave up waiting takes no place.
            if (!next.TrySetResult()) continue;
            _underWay++;
            _begun++;
        }
    }
}
