namespace Orchestrator.Local.Functions.Tests;

/// <summary>Time that moves when the test says so. Timers fire in order while it moves.</summary>
public sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock sync = new();
    private readonly List<ManualTimer> timers = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset now = start;

    public override DateTimeOffset GetUtcNow()
    {
        lock (sync)
            return now;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Completes when somebody waits for a time at or before the given one.</summary>
    public async Task WhenAwaitedAsync(DateTimeOffset time)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            Task change;
            lock (sync)
            {
                if (timers.Any(timer => timer.Due <= time))
                    return;
                change = changed.Task;
            }

            await change.WaitAsync(limit.Token);
        }
    }

    public void MoveTo(DateTimeOffset time)
    {
        while (Next(time) is { } timer)
            timer.Fire();
        lock (sync)
            now = time;
    }

    /// <summary>As when a machine wakes up: the time has passed before any timer fires.</summary>
    public void JumpTo(DateTimeOffset time)
    {
        lock (sync)
            now = time;
        MoveTo(time);
    }

    private ManualTimer? Next(DateTimeOffset until)
    {
        lock (sync)
        {
            var timer = timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            if (timer is null)
                return null;
            now = timer.Due > now ? timer.Due : now;
            timers.Remove(timer);
            return timer;
        }
    }

    private void Schedule(ManualTimer timer, TimeSpan dueTime)
    {
        lock (sync)
        {
            timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            timer.Due = now + dueTime;
            timers.Add(timer);
            changed.TrySetResult();
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private sealed class ManualTimer(ManualClock clock, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Schedule(this, dueTime);
            return true;
        }

        public void Dispose() => clock.Schedule(this, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
