using Orchestrator.Workflows.Migrations;

namespace Orchestrator.Workflows.Sync;

/// <summary>
/// Tells how far a batch is while it runs, at most once a second and at its end. Thread-safe; never throws, never holds the batch up: that progress
/// cannot be written is logged once and is no fault of the batch.
/// </summary>
public sealed class BatchProgress : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Func<PartProgress, CancellationToken, Task>? _write;
    private readonly BatchBase _base;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _failed;
    private readonly RateWindow _window = new();
    private long _objects, _bytes, _told;
    private int _isTelling;
    private bool _hasFailed;
    private Task _telling = Task.CompletedTask;

    /// <param name="write">Null: nobody is told.</param>
    /// <param name="failed">Called once, with what the first write failed with.</param>
    internal BatchProgress(BatchBase @base, Func<PartProgress, CancellationToken, Task>? write, TimeProvider time, Action<Exception> failed)
    {
        (_base, _write, _time, _failed) = (@base, write, time, failed);
        _told = time.GetTimestamp();
        _window.Add(time.GetUtcNow(), 0, 0);
    }

    /// <summary>Tells nobody.</summary>
    public static BatchProgress None { get; } = new(new BatchBase("", "", 0, 0, 0, 0, 0), write: null, TimeProvider.System, static _ => { });

    /// <summary>Counts what was done since the last call: objects that are finished, bytes of finished objects or of pieces of a large one.</summary>
    public void Add(long objects, long bytes)
    {
        if (_write is null) return;
        Interlocked.Add(ref _objects, objects);
        Interlocked.Add(ref _bytes, bytes);
        if (_time.GetElapsedTime(Interlocked.Read(ref _told)) < Pause || Interlocked.CompareExchange(ref _isTelling, 1, 0) != 0) return;
        _telling = TellAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_write is null) return;
        await _telling;
        await TellAsync();
    }

    private async Task TellAsync()
    {
        Interlocked.Exchange(ref _told, _time.GetTimestamp());
        try
        {
            using var patience = new CancellationTokenSource(Patience, _time);
            await _write!(Now(), patience.Token);
        }
        catch (Exception cause)
        {
            if (!_hasFailed) _failed(cause);
            _hasFailed = true;
        }
        finally
        {
            Volatile.Write(ref _isTelling, 0);
        }
    }

    private PartProgress Now()
    {
        var (objects, bytes, at) = (Interlocked.Read(ref _objects), Interlocked.Read(ref _bytes), _time.GetUtcNow());
        _window.Add(at, objects, bytes);
        var counts = _base.InStepUntil is null;
        return new PartProgress(
            _base.Phase, _base.Done + (counts ? objects : 0), _base.BytesDone + (counts ? bytes : 0), at,
            _window.Rates?.Objects ?? 0, _window.Rates?.Bytes ?? 0, _base.InStepUntil);
    }
}
