using System.Collections.Concurrent;

namespace Orchestrator.Workflows.Tests;

/// <summary>
/// A clock that stands while there is anything to do, and then jumps to the next timer. What it runs, it runs on one thread: the same run always sees the
/// same times.
/// </summary>
internal sealed class JumpingTime : TimeProvider
{
    // What went to another thread has this long, by the real clock, to come back before time goes on.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    private readonly Lock gate = new();
    private readonly List<Alarm> alarms = [];
    private DateTimeOffset now;

    public JumpingTime(DateTimeOffset now) => this.now = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        lock (gate) alarms.Add(alarm);
        return alarm;
    }

    /// <summary>Lets time stand still for so long: the process was away.</summary>
    public void Pass(TimeSpan span)
    {
        lock (gate) now += span;
    }

    public T Run<T>(Func<Task<T>> work)
    {
        var before = SynchronizationContext.Current;
        var queue = new Queue();
        SynchronizationContext.SetSynchronizationContext(queue);
        try
        {
            var task = work();
            while (!task.IsCompleted)
                if (!queue.RunNext(Patience)) Ring();
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void Ring()
    {
        List<Alarm> due;
        lock (gate)
        {
            if (alarms.Min(alarm => alarm.Due) is not { } next) return;
            now = next > now ? next : now;
            due = [.. alarms.Where(alarm => alarm.Due <= next)];
            foreach (var alarm in due) alarm.Due = null;
        }
        foreach (var alarm in due) alarm.Ring();
    }

    private sealed class Queue : SynchronizationContext
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> posts = [];

        public override void Post(SendOrPostCallback d, object? state) => posts.Add((d, state));

        public bool RunNext(TimeSpan patience)
        {
            if (!posts.TryTake(out var post, patience)) return false;
            post.Callback(post.State);
            return true;
        }
    }

    private sealed class Alarm(JumpingTime time, Action ring) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public Action Ring => ring;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate) Due = dueTime == Timeout.InfiniteTimeSpan ? null : time.now + dueTime;
            return true;
        }

        public void Dispose()
        {
            lock (time.gate) time.alarms.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
