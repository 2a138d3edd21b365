using System.Runtime.InteropServices;
using Microsoft.DurableTask;

namespace Orchestrator.Local.DurableTask.Execution;

/// <summary>
/// Events that wait for the orchestrator, oldest first, and waits of the orchestrator for events: of several waits for one name
/// the latest gets the next event, as in the SDK. A wait that was cancelled takes nothing.
/// </summary>
internal sealed class ExternalEvents(DataConverter converter)
{
    private readonly Dictionary<string, Stack<Waiter>> waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Queue<Buffered>> buffered = new(StringComparer.OrdinalIgnoreCase);
    private long raised;

    public bool HasWaiters => waiters.Values.Any(stack => stack.Any(waiter => waiter.IsWaiting));

    public Task<T> WaitAsync<T>(string name, CancellationToken cancellation)
    {
        var stack = WaitersOf(name);
        if (stack.Count > 0 && stack.Peek() is not Waiter<T>)
            throw new ArgumentException($"An event named '{name}' is already waited for with another type than {typeof(T)}.", nameof(name));
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);

        var waiter = new Waiter<T>(converter, cancellation);
        if (buffered.TryGetValue(name, out var queue) && queue.TryDequeue(out var first))
            waiter.TryComplete(first.Payload);
        else
            stack.Push(waiter);
        return waiter.Task;
    }

    public void Raise(string name, string? payload)
    {
        var stack = WaitersOf(name);
        while (stack.TryPop(out var waiter))
        {
            if (waiter.TryComplete(payload))
                return;
        }
        if (!buffered.TryGetValue(name, out var queue))
            buffered[name] = queue = new Queue<Buffered>();
        queue.Enqueue(new Buffered(raised++, name, payload));
    }

    /// <summary>In the order in which they came, whatever their names.</summary>
    public List<(string Name, string? Payload)> TakeBuffered()
    {
        var taken = buffered.Values.SelectMany(queue => queue).OrderBy(entry => entry.Place).Select(entry => (entry.Name, entry.Payload)).ToList();
        buffered.Clear();
        return taken;
    }

    /// <summary>The waits that can still get an event.</summary>
    private Stack<Waiter> WaitersOf(string name)
    {
        if (!waiters.TryGetValue(name, out var stack))
            waiters[name] = stack = new Stack<Waiter>();
        while (stack.TryPeek(out var top) && !top.IsWaiting)
            stack.Pop();
        return stack;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Buffered(long Place, string Name, string? Payload);

    private abstract class Waiter
    {
        public abstract bool IsWaiting { get; }

        /// <returns>False when the wait was cancelled before.</returns>
        public abstract bool TryComplete(string? payload);
    }

    private sealed class Waiter<T> : Waiter
    {
        private readonly TaskCompletionSource<T> source = new();
        private readonly DataConverter converter;
        private readonly CancellationTokenRegistration registration;

        public Waiter(DataConverter converter, CancellationToken cancellation)
        {
            this.converter = converter;
            registration = cancellation.Register(() => source.TrySetCanceled(cancellation));
        }

        public Task<T> Task => source.Task;

        public override bool IsWaiting => !source.Task.IsCompleted;

        public override bool TryComplete(string? payload)
        {
            // The token may outlive many waits. Without waiting for a cancellation that is under way.
            registration.Unregister();
            try
            {
                return IsWaiting && source.TrySetResult(converter.Deserialize<T>(payload)!);
            }
            catch (Exception unreadable)
            {
                // The event is there, but not what the orchestrator said it is: the wait ends with that.
                return source.TrySetException(unreadable);
            }
        }
    }
}
