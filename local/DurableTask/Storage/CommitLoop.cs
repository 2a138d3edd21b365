using System.Diagnostics;
using Orchestrator.Local.DurableTask.Runtime;
using Orchestrator.Local.DurableTask.Telemetry;

namespace Orchestrator.Local.DurableTask.Storage;

/// <summary>
/// The one writer. Whatever was handed in while a commit was on its way to the disk goes into the next transaction
/// together, so that many instances share one sync.
/// </summary>
internal sealed class CommitLoop : IDisposable
{
    private readonly StateDatabase database;
    private readonly EngineScheduling scheduling;
    private readonly StateWriter writer;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim work = new(0);
    private readonly Thread? thread;
    private List<IWrite> waiting = [];
    private bool announcing;
    private volatile bool stopping;
    private volatile bool abandoned;
    private long transactions;

    public CommitLoop(StateDatabase database, EngineScheduling scheduling)
    {
        this.database = database;
        this.scheduling = scheduling;
        writer = new StateWriter(database.Writer);
        if (!scheduling.CommitsHaveTheirThread)
            return;
        thread = new Thread(Run) { IsBackground = true, Name = "Durable commits" };
        thread.Start();
    }

    /// <summary>For tests: says by the number of the transaction whether the store stops there.</summary>
    public Func<long, CommitFault>? Faults { get; set; }

    /// <summary>Told of each commit on the writer's thread: how many writes it took together, and how long.</summary>
    public Action<int, TimeSpan>? Measured { get; set; }

    /// <summary>Nothing is committed any more.</summary>
    public bool IsClosed => stopping || abandoned;

    /// <summary>How many transactions have been committed.</summary>
    public long Transactions => Interlocked.Read(ref transactions);

    /// <summary>
    /// Commits what <paramref name="write"/> does, whole or not at all. It may run more than once when another write of its
    /// group fails, so it must change nothing but the database.
    /// </summary>
    /// <param name="committed">Runs on the writer's thread after the commit, in order of the commits, and must not block.</param>
    public Task<T> WriteAsync<T>(Func<StateWriter, T> write, Action<T>? committed = null)
    {
        var request = new Write<T>(write, committed);
        lock (gate)
        {
            if (IsClosed)
                return Task.FromException<T>(new ObjectDisposedException(nameof(CommitLoop), "The engine has stopped."));
            waiting.Add(request);
            if (waiting.Count == 1)
                Wake();
        }
        return request.Task;
    }

    /// <summary>Ends at once and leaves what is not committed, as a kill would.</summary>
    public void Abandon()
    {
        abandoned = true;
        Dispose();
    }

    /// <summary>Commits what has been handed in, then ends.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (stopping)
                return;
            stopping = true;
        }
        if (thread is null)
        {
            while (waiting.Count > 0)
                CommitGroup()?.Invoke();
        }
        else
        {
            work.Release();
            thread.Join();
        }
        work.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            work.Wait();
            CommitGroup()?.Invoke();
            lock (gate)
            {
                if (stopping && waiting.Count == 0)
                    return;
                if (waiting.Count > 0 && work.CurrentCount == 0)
                    work.Release();
            }
        }
    }

    private void Wake()
    {
        if (thread is null)
            scheduling.Start(static loop => loop.RunOnce(), this);
        else
            work.Release();
    }

    /// <summary>As a work item. Others come between the commit and the news of it, as they do beside a thread of its own.</summary>
    private void RunOnce()
    {
        if (announcing)
            return;
        announcing = true;
        var announce = CommitGroup();
        scheduling.Start(
            loop =>
            {
                announce?.Invoke();
                loop.announcing = false;
                if (loop.waiting.Count > 0)
                    loop.Wake();
            },
            this);
    }

    /// <returns>What is to be done next: telling those who wait. Null when there is nobody to tell any more.</returns>
    private Action? CommitGroup()
    {
        var group = TakeGroup();
        if (!abandoned)
            return group.Count > 0 ? Commit(group) : null;
        group.ForEach(write => write.Fail(new ObjectDisposedException(nameof(CommitLoop))));
        return null;
    }

    private List<IWrite> TakeGroup()
    {
        lock (gate)
        {
            var size = waiting.Count == 0 ? 0 : scheduling.GroupSize(waiting.Count);
            if (size == waiting.Count)
            {
                var all = waiting;
                waiting = [];
                return all;
            }
            var group = waiting.GetRange(0, size);
            waiting.RemoveRange(0, size);
            return group;
        }
    }

    private Action? Commit(List<IWrite> group)
    {
        var begun = Stopwatch.GetTimestamp();
        var refused = new List<(IWrite Write, Exception Cause)>();
        while (group.Count > 0)
        {
            IWrite? current = null;
            try
            {
                database.Writer.Execute("BEGIN IMMEDIATE");
                var refusals = new List<(IWrite Write, Exception Cause)>();
                foreach (var write in group)
                {
                    current = write;
                    if (Refusal(write) is { } refusal)
                        refusals.Add((write, refusal));
                }
                current = null;
                if (refusals.Count == group.Count)
                {
                    RollBack();
                }
                else if (!CommitUnlessFaulty())
                {
                    FailAll(new ObjectDisposedException(nameof(CommitLoop), "The store was stopped by a test."));
                    return null;
                }
                group = [.. group.Except(refusals.Select(refusal => refusal.Write))];
                refused.AddRange(refusals);
                break;
            }
            catch (Exception cause)
            {
                RollBack();
                if (current is null)
                {
                    // The commit itself failed: nothing of the group is on disk.
                    FailAll(cause);
                    return null;
                }
                // The others go again without it. It is told when what it was refused for is on disk.
                refused.Add((current, cause));
                group.Remove(current);
            }
        }
        var duration = Stopwatch.GetElapsedTime(begun);
        return () =>
        {
            group.ForEach(write => write.Committed());
            group.ForEach(write => write.Complete());
            if (group.Count > 0)
                Listeners.Tell(() => Measured?.Invoke(group.Count, duration));
            refused.ForEach(refusal => refusal.Write.Fail(refusal.Cause));
        };

        void FailAll(Exception cause)
        {
            group.ForEach(write => write.Fail(cause));
            refused.ForEach(refusal => refusal.Write.Fail(cause));
        }
    }

    /// <returns>Why the write is refused, where it has changed nothing, so that the rest of its group can go on; null when it is not.</returns>
    private Exception? Refusal(IWrite write)
    {
        var changes = database.Writer.Changes;
        try
        {
            write.Apply(writer);
            return null;
        }
        catch (Exception cause) when (database.Writer.IsInTransaction && database.Writer.Changes == changes)
        {
            return cause;
        }
    }

    private bool CommitUnlessFaulty()
    {
        var fault = Faults?.Invoke(transactions + 1) ?? CommitFault.None;
        database.Writer.Execute(fault == CommitFault.StopBefore ? "ROLLBACK" : "COMMIT");
        Interlocked.Increment(ref transactions);
        if (fault == CommitFault.None)
            return true;
        abandoned = true;
        return false;
    }

    private void RollBack()
    {
        try
        {
            database.Writer.Execute("ROLLBACK");
        }
        catch (StateStoreException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
        }
    }
}
