using System.Collections.Concurrent;

namespace Orchestrator.Local.AzureEmulator.Runtime;

/// <summary>
/// The app of one slot. Restarts overlap, as App Service's recycling does: the new instance starts, answers, takes over, and only
/// then the old one drains and ends. An instance that dies is started again; one that does not come up leaves the slot failed.
/// </summary>
internal sealed class SlotApp(
    ISlotRuntime runtime, WarmUp warmUp, EmulatorDurations durations, Func<CancellationToken, Task<AppGoal>> goal) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _gone = new();
    private readonly Lock _sync = new();
    private readonly ConcurrentDictionary<RunningApp, byte> _retiring = new();
    private volatile RunningApp? _current;
    private volatile AppState _state = AppState.Starting;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _wanted;
    private long _applied;
    private int _failures;
    private int _disposed;

    public AppState State => _state;

    public RunningApp? Current => _current;

    /// <summary>Why the last start failed, for the state summary.</summary>
    public string? Failure { get; private set; }

    public int Starts { get; private set; }

    /// <summary>Restarts with the configuration of now. Callers that come while a restart waits share one.</summary>
    /// <returns>Whether the slot runs as it should.</returns>
    public async Task<bool> RestartAsync(CancellationToken cancellationToken)
    {
        var mine = Interlocked.Increment(ref _wanted);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _gone.Token);
        await _gate.WaitAsync(either.Token);
        try
        {
            if (_applied >= mine) return _state is AppState.Running or AppState.Stopped;
            _applied = Interlocked.Read(ref _wanted);
            return await ReplaceAsync(either.Token);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The same, without waiting for it: a settings change answers before the app has restarted.</summary>
    public void RestartInBackground() => _ = Task.Run(async () =>
    {
        try
        {
            await RestartAsync(CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // The slot is gone.
        }
    });

    /// <summary>Two slots change places: <paramref name="exchangeConfiguration"/> runs while neither can restart, and the instances trade hands.</summary>
    public static async Task ExchangeAsync(SlotApp first, SlotApp second, Action exchangeConfiguration, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, first._gone.Token, second._gone.Token);
        await first._gate.WaitAsync(either.Token);
        try
        {
            await second._gate.WaitAsync(either.Token);
            try
            {
                exchangeConfiguration();
                var (firstApp, secondApp) = (first._current, second._current);
                second.Publish(firstApp, firstApp is null ? first._state : AppState.Running);
                first.Publish(secondApp, secondApp is null ? second._state : AppState.Running);
                first.WatchCurrent();
                second.WatchCurrent();
            }
            finally
            {
                second._gate.Release();
            }
        }
        finally
        {
            first._gate.Release();
        }
    }

    /// <summary>The app to forward to, entered; waits while one is starting. Null when the slot is stopped or failed, or the wait was too long.</summary>
    public ValueTask<RunningApp?> EnterAsync(CancellationToken cancellationToken)
    {
        var app = _current;
        return app is not null && app.TryEnter() ? ValueTask.FromResult<RunningApp?>(app) : new(EnterLaterAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _gone.CancelAsync();
        await _gate.WaitAsync();
        var last = _current;
        Publish(null, AppState.Stopped);
        foreach (var app in _retiring.Keys.Append(last))
        {
            if (app?.Instance is { } instance) await instance.DisposeAsync();
        }
    }

    private async Task<RunningApp?> EnterLaterAsync(CancellationToken cancellationToken)
    {
        var until = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(until) < durations.HoldLimit)
        {
            Task changed;
            lock (_sync) changed = _changed.Task;
            if (_current is { } app && app.TryEnter()) return app;
            if (_state is AppState.Stopped or AppState.Failed) return null;
            await Task.WhenAny(changed, Task.Delay(TimeSpan.FromSeconds(1), cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }

        return null;
    }

    private async Task<bool> ReplaceAsync(CancellationToken cancellationToken)
    {
        var old = _current;
        if (old is null) Publish(null, AppState.Starting);
        try
        {
            var next = await goal(cancellationToken);
            if (next.Stopped) Publish(null, AppState.Stopped);
            else if (next.Start is null) Publish(new RunningApp(null), AppState.Running);
            else Publish(await StartAsync(next, cancellationToken), AppState.Running);
            _failures = 0;
            Failure = null;
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // Whatever kept it from starting is the slot's trouble, shown in its state; the emulator goes on.
            Failure = problem.Message;
            _failures++;
            Publish(null, AppState.Failed);
            RetryLater();
        }

        if (old is not null) _ = RetireAsync(old);
        WatchCurrent();
        return _state is not AppState.Failed;
    }

    private async Task<RunningApp> StartAsync(AppGoal next, CancellationToken cancellationToken)
    {
        Starts++;
        var instance = await runtime.StartAsync(next.Start!, cancellationToken);
        try
        {
            await warmUp.UntilItAnswersAsync(instance, next.WarmUpPath, durations.StartLimit, cancellationToken);
            return new RunningApp(instance);
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    /// <summary>Nobody waits for an old instance to drain, but the slot's end does not leave it behind.</summary>
    private async Task RetireAsync(RunningApp old)
    {
        _retiring.TryAdd(old, 0);
        await old.RetireAsync(durations.DrainLimit);
        _retiring.TryRemove(old, out _);
    }

    private void Publish(RunningApp? app, AppState state)
    {
        TaskCompletionSource waiting;
        lock (_sync)
        {
            _current = app;
            _state = state;
            waiting = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.TrySetResult();
    }

    private void WatchCurrent()
    {
        if (_current is { Instance: { } instance } app) _ = RecoverAsync(app, instance);
    }

    /// <summary>When the instance dies while it is still the current one, requests are held and it is started again.</summary>
    private async Task RecoverAsync(RunningApp app, ISlotInstance instance)
    {
        try
        {
            await instance.Exited.WaitAsync(_gone.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (_sync)
        {
            if (!ReferenceEquals(_current, app)) return;
            _current = null;
            _state = AppState.Starting;
        }

        RestartInBackground();
    }

    private void RetryLater() => _ = Task.Run(async () =>
    {
        var pause = durations.RestartBackoff * Math.Min(16, 1 << Math.Min(_failures - 1, 4));
        try
        {
            await Task.Delay(pause, _gone.Token);
            if (_state is AppState.Failed) await RestartAsync(CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // The slot is gone.
        }
    });
}
