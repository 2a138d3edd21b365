using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Orchestrator.Local.DurableTask.Execution;
using Orchestrator.Local.DurableTask.Storage;
using Orchestrator.Local.DurableTask.Telemetry;

namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>Runs activities, a bounded number at a time, in the order in which they were committed.</summary>
internal sealed class ActivityDispatcher(EngineParts engine)
{
    // What more wait for leaves its input on disk until then, so that a long queue of large inputs does not fill the memory.
    private const int InputsInMemory = 1000;

    private readonly Lock gate = new();
    private readonly Queue<ActivityRun> queue = [];
    private readonly Dictionary<long, HashSet<ActivityRun>> byInstance = [];
    private readonly IdleTracker working = new();
    private int workers;
    private int running;
    private bool noMoreWork;

    /// <summary>Committed and not begun.</summary>
    public int Queued
    {
        get
        {
            lock (gate)
                return queue.Count;
        }
    }

    public int Running
    {
        get
        {
            lock (gate)
                return running;
        }
    }

    /// <param name="recovered">It was there when the engine started: an earlier run may have ended the process.</param>
    public void Enqueue(ActivityRow row, bool recovered = false)
    {
        if (!engine.Options.WorkItemFilters.TakesActivity(row.Name, row.Detail?.Version ?? ""))
            return;
        var run = new ActivityRun(
            Queued < InputsInMemory ? row : row with { Input = null, InputIsOnDisk = true }, recovered, engine.Options.Scheduling);
        engine.Idle.Enter();
        lock (gate)
        {
            if (!byInstance.TryGetValue(row.InstanceKey, out var runs))
                byInstance[row.InstanceKey] = runs = [];
            runs.Add(run);
            queue.Enqueue(run);
            if (noMoreWork || workers == engine.Options.MaxConcurrentActivities)
                return;
            workers++;
            working.Enter();
        }
        engine.Options.Scheduling.Start(static dispatcher => _ = dispatcher.WorkAsync(), this);
    }

    /// <summary>Cancels what runs for the instance and does not begin what is queued. Nobody waits for the outcomes any more.</summary>
    public void CancelAll(long instanceKey)
    {
        List<ActivityRun> runs;
        lock (gate)
            runs = byInstance.TryGetValue(instanceKey, out var found) ? [.. found] : [];
        runs.ForEach(run => run.Abandon());
    }

    /// <summary>Begins nothing more and waits for what runs; what still does at the end of the time is cancelled and left.</summary>
    public async Task DrainAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        lock (gate)
            noMoreWork = true;
        try
        {
            await WhenEndedAsync().WaitAsync(timeout, engine.Time, cancellation);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            List<ActivityRun> left;
            lock (gate)
                left = [.. byInstance.Values.SelectMany(runs => runs)];
            var begun = left.FindAll(run => run is { HasBegun: true, IsAbandoned: false });
            left.ForEach(run => run.Abandon());
            if (begun.Count > 0)
                await CountGivenUpAsync(begun);
        }
    }

    /// <summary>The next delivery is not to be taken for the first.</summary>
    private async Task CountGivenUpAsync(List<ActivityRun> begun)
    {
        engine.Log.ActivitiesLeftRunning(begun.Count);
        if (engine.Commits.IsClosed)
            return;
        try
        {
            await engine.Commits.WriteAsync(writer => begun.Sum(run => writer.CountGivenUp(run.Row)));
        }
        catch (StateStoreException cause)
        {
            engine.Log.GivenUpNotCounted(begun.Count, cause);
        }
    }

    // Awaited here, and not by the WaitAsync, it goes on where the engine is scheduled.
    private async Task WhenEndedAsync() => await working.WhenIdleAsync(CancellationToken.None);

    private async Task WorkAsync()
    {
        while (TakeNext() is { } run)
            await RunAsync(run);
        working.Leave();
    }

    /// <returns>Null when the worker is to end. After a stop what is queued stays on disk for the next start.</returns>
    private ActivityRun? TakeNext()
    {
        lock (gate)
        {
            if (!noMoreWork && queue.TryDequeue(out var next))
            {
                running++;
                return next;
            }
            workers--;
            return null;
        }
    }

    private async Task RunAsync(ActivityRun run)
    {
        try
        {
            while (!await TryRunAsync(run))
                await Task.Delay(TimeSpan.FromSeconds(1), engine.Time);
        }
        finally
        {
            Forget(run);
            engine.Idle.Leave();
        }
    }

    /// <returns>False when the store did not take it, so that it has not run.</returns>
    private async Task<bool> TryRunAsync(ActivityRun run)
    {
        try
        {
            if (VersionCheck.Mismatch(engine.Options.Versioning, run.Row.Detail?.Version ?? "") is { } mismatch)
                Refuse(run, mismatch);
            else if (run.Recovered && engine.RecoversFromCrash)
                await RunRecoveredAsync(run);
            else if (!run.IsAbandoned)
                Report(run, await OutcomeAsync(run));
            return true;
        }
        catch (Exception cause)
        {
            if (engine.IsStopping || engine.Commits.IsClosed)
                return true;
            engine.Log.DeliveryNotCounted(run.Row.Name, run.Row.InstanceId, cause);
            return false;
        }
    }

    /// <summary>Its version does not run here: it fails, or stays on disk for a start at which it does.</summary>
    private void Refuse(ActivityRun run, TaskFailureDetails mismatch)
    {
        if (engine.Options.Versioning!.FailureStrategy == DurableTaskWorkerOptions.VersionFailureStrategy.Fail)
            Report(run, Failed(run.Row, mismatch, nonRetriable: true));
        else
            engine.Log.VersionRejected(run.Row.Name, run.Row.InstanceId, mismatch.ErrorMessage);
    }

    /// <summary>Counts the delivery on disk first.</summary>
    private async Task RunRecoveredAsync(ActivityRun run)
    {
        using var place = await engine.Suspects.EnterActivityAsync(run.Row.Deliveries);
        if (run.IsAbandoned)
            return;
        var limit = engine.Options.MaxDeliveries;
        if (run.Row.Deliveries >= limit)
        {
            Report(run, Failed(run.Row, Undeliverable.Activity(run.Row.Name, limit), nonRetriable: true));
            return;
        }
        await engine.Commits.WriteAsync(writer => writer.CountDelivery(run.Row));
        run.Row = run.Row with { Deliveries = run.Row.Deliveries + 1 };
        if (place is not null)
            await engine.Suspects.LetTurnsPassAsync();
        Report(run, await OutcomeAsync(run));
    }

    /// <returns>Null when nobody waits for it any more.</returns>
    private async Task<DurableEvent?> OutcomeAsync(ActivityRun run)
    {
        var row = run.Row.InputIsOnDisk ? engine.Database.Read(sql => sql.GetWithInput(run.Row)) : run.Row;
        if (row is null)
            return null;
        var tags = row.Detail?.Tags ?? System.Collections.Immutable.ImmutableDictionary<string, string>.Empty;
        var invocation = new ActivityInvocation(row.InstanceId, row.Name, row.Detail?.Version ?? "", row.TaskId, row.Delivery, row.Input, tags);
        using var span = EngineTelemetry.StartActivity(invocation, row.Detail);
        run.HasBegun = true;
        try
        {
            var output = await engine.Invoker.RunActivityAsync(invocation, run.Cancellation);
            return new DurableEvent(EventKind.TaskCompleted, row.TaskId, row.Name, output);
        }
        catch (Exception cause)
        {
            span?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, Failures.MessageOf(cause));
            return run.IsAbandoned ? null : Failed(row, engine.Invoker.Describe(TaskKind.Activity, cause), cause is TaskNotFoundException);
        }
    }

    private static DurableEvent Failed(ActivityRow row, TaskFailureDetails? failure, bool nonRetriable) =>
        new(EventKind.TaskFailed, row.TaskId, row.Name, Detail: new EventDetail { Failure = failure, NonRetriable = nonRetriable });

    private void Report(ActivityRun run, DurableEvent? outcome)
    {
        if (outcome is not null)
            engine.Instances.Deliver(run.Row.InstanceKey, new InboxMessage(0, run.Row.Execution, outcome) { EndsActivity = true });
    }

    private void Forget(ActivityRun run)
    {
        lock (gate)
        {
            running--;
            if (byInstance.TryGetValue(run.Row.InstanceKey, out var runs) && runs.Remove(run) && runs.Count == 0)
                byInstance.Remove(run.Row.InstanceKey);
        }
        run.Dispose();
    }
}
