using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orchestrator.Local.DurableTask.Execution;

/// <summary>
/// Finds what an orchestrator awaits beside durable tasks where no other thread would come in through its scheduler: a delay
/// that ends before the durable task beside it in a WhenAll, or ConfigureAwait(false). It follows the continuations of the
/// durable tasks, for which there is no public API: what it does not know it leaves alone, so that it never finds too much.
/// </summary>
/// <param name="own">The scheduler of the orchestrator.</param>
internal sealed class ForeignWaits(TaskScheduler own)
{
    // A walk costs about as much as the tasks that are open; so that many that end one by one do not cost their square, it is
    // done again only when this share of them has moved.
    private const int Share = 8;

    private readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<object> next = new();
    private List<(Task Joined, int Remaining)> joins = [];
    private int lastWalk;
    private int moved;
    private bool found;

    /// <summary>An event was applied or a call made since the last walk.</summary>
    public void Moved(int count) => moved += count;

    /// <returns>True when, while no turn ran, something has ended that the orchestrator awaits.</returns>
    public bool HaveEndedBetweenTurns() => joins.Exists(join => Internals.Remaining(join.Joined) < join.Remaining);

    /// <returns>True when the open tasks lead to something that is awaited and is not durable.</returns>
    public bool FindFrom(IEnumerable<Task> open)
    {
        if (moved * Share >= lastWalk)
            Walk(open);
        joins = [.. joins.Where(join => !join.Joined.IsCompleted).Select(join => (join.Joined, Internals.Remaining(join.Joined)))];
        return found;
    }

    private void Walk(IEnumerable<Task> open)
    {
        (moved, found) = (0, false);
        joins.Clear();
        foreach (var task in open)
            Visit(task);
        while (next.TryPop(out var task))
            Follow(Internals.Continuation((Task)task));
        lastWalk = seen.Count;
        seen.Clear();
    }

    private void Visit(Task task)
    {
        if (task.IsCompleted || !seen.Add(task))
            return;
        next.Push(task);
        var type = Internals.Of(task.GetType());
        if (type.Remaining is not null)
            joins.Add((task, Internals.Remaining(task)));
        if (type.Parts is not null)
            found |= Array.Exists(type.Parts, part => IsForeign(part.GetValue(task)));
    }

    private void Follow(object? continuation)
    {
        switch (continuation)
        {
            case null:
                break;
            case List<object?> several:
                List<object?> copy;
                lock (several)
                    copy = [.. several];
                copy.ForEach(Follow);
                break;
            case Task task:
                // A method that goes on with nothing in between does so on another thread.
                found |= Internals.Of(task.GetType()).IsMethod;
                Visit(task);
                break;
            default:
                var target = Internals.Of(continuation.GetType()).Next?.GetValue(continuation);
                if ((target is Delegate resume ? resume.Target : target) is Task awaiting)
                    Visit(awaiting);
                break;
        }
    }

    private bool IsForeign(object? part) => part switch
    {
        Task { IsCompleted: false } task => Internals.Of(task.GetType()).IsDelay || (Internals.Scheduler(task) is { } scheduler && scheduler != own),
        System.Collections.IEnumerable several and not Task => several.Cast<object?>().Any(IsForeign),
        _ => false,
    };

    /// <summary>What is known of a type of the runtime; all null or false where it is not as expected.</summary>
    /// <param name="Remaining">Of a WhenAll: how many of its tasks have not ended.</param>
    /// <param name="Parts">Of a WhenAny or WhenAll: its tasks, each a task or several.</param>
    /// <param name="Next">Of a continuation: whom it continues.</param>
    private sealed record Known(bool IsMethod, bool IsDelay, FieldInfo? Remaining, FieldInfo[]? Parts, FieldInfo? Next);

    private static class Internals
    {
        private static readonly ConcurrentDictionary<Type, Known> ByType = new();

        public static Known Of(Type type) => ByType.GetOrAdd(type, Look);

        public static int Remaining(Task join) => Of(join.GetType()).Remaining?.GetValue(join) as int? ?? 0;

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_continuationObject")]
        public static extern ref object? Continuation(Task task);

        /// <summary>Null for what has no delegate of its own to run.</summary>
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_taskScheduler")]
        public static extern ref TaskScheduler? Scheduler(Task task);

        private static Known Look(Type type)
        {
            var name = type.Name;
            var joinsAll = name.StartsWith("WhenAllPromise", StringComparison.Ordinal);
            var joinsAny = name.StartsWith("TwoTaskWhenAnyPromise", StringComparison.Ordinal) || name.StartsWith("CompleteOnInvokePromise", StringComparison.Ordinal);
            return new Known(
                type.GetInterface("IAsyncStateMachineBox") is not null,
                name.StartsWith("DelayPromise", StringComparison.Ordinal),
                joinsAll ? Field(type, "_remainingToComplete") ?? Field(type, "m_count") : null,
                joinsAll || joinsAny ? Fields(type, "m_tasks", "_tasks", "_task1", "_task2") : null,
                Field(type, "m_action") ?? Field(type, "m_task"));
        }

        private static FieldInfo[] Fields(Type type, params string[] names) => [.. names.Select(name => Field(type, name)).OfType<FieldInfo>()];

#pragma warning disable S3011 // See above: nothing but the runtime itself knows who awaits a task.
        private static FieldInfo? Field(Type? type, string name) =>
            type is null || type == typeof(Task) ? null : type.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic) ?? Field(type.BaseType, name);
#pragma warning restore S3011
    }
}
