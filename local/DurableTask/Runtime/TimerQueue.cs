using System.Runtime.InteropServices;

namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>What is due when. One timer of the clock serves them all, however far ahead they lie.</summary>
internal sealed class TimerQueue : IDisposable
{
    // The clock that timers run on stands still while a machine sleeps, so the real time is looked at now and then.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly TimeProvider time;
    private readonly Action<DueItem, DateTimeOffset> due;
    private readonly Lock gate = new();
    private readonly SortedSet<(DateTimeOffset At, DueItem Item)> ahead = new(Comparer<(DateTimeOffset At, DueItem Item)>.Create(Compare));
    private readonly Dictionary<DueItem, DateTimeOffset> times = [];
    private readonly ITimer alarm;
    private DateTimeOffset? alarmAt;
    private bool stopped;

    public TimerQueue(TimeProvider time, Action<DueItem, DateTimeOffset> due)
    {
        this.time = time;
        this.due = due;
        alarm = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public DateTimeOffset? Next
    {
        get
        {
            lock (gate)
                return ahead.Count == 0 ? null : ahead.Min.At;
        }
    }

    public void Add(DateTimeOffset at, DueItem item)
    {
        lock (gate)
        {
            if (stopped || !times.TryAdd(item, at))
                return;
            ahead.Add((at, item));
            SetAlarm();
        }
    }

    public void Remove(DueItem item)
    {
        lock (gate)
        {
            if (times.Remove(item, out var at))
                ahead.Remove((at, item));
        }
    }

    public void Dispose()
    {
        lock (gate)
            stopped = true;
        alarm.Dispose();
    }

    private static int Compare((DateTimeOffset At, DueItem Item) x, (DateTimeOffset At, DueItem Item) y) =>
        (x.At, x.Item.InstanceKey, x.Item.Execution, x.Item.TaskId).CompareTo((y.At, y.Item.InstanceKey, y.Item.Execution, y.Item.TaskId));

    private void Ring()
    {
        var reached = new List<(DateTimeOffset At, DueItem Item)>();
        lock (gate)
        {
            alarmAt = null;
            while (!stopped && ahead.Count > 0 && ahead.Min.At <= time.GetUtcNow())
            {
                var first = ahead.Min;
                ahead.Remove(first);
                times.Remove(first.Item);
                reached.Add(first);
            }
            SetAlarm();
        }
        reached.ForEach(first => due(first.Item, first.At));
    }

    private void SetAlarm()
    {
        if (stopped || ahead.Count == 0 || alarmAt <= ahead.Min.At)
            return;
        alarmAt = ahead.Min.At;
        var wait = ahead.Min.At - time.GetUtcNow();
        // One millisecond more, since the clock of timers may run ahead of the one that is read.
        var rounded = wait <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        alarm.Change(rounded < LongestWait ? rounded : LongestWait, Timeout.InfiniteTimeSpan);
    }
}

/// <param name="TaskId">-1 for a scheduled start, which belongs to no execution.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DueItem(long InstanceKey, long Execution, int TaskId);
