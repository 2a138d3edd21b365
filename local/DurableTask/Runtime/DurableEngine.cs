using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Local.DurableTask.Execution;
using Orchestrator.Local.DurableTask.Storage;
using Orchestrator.Local.DurableTask.Telemetry;

namespace Orchestrator.Local.DurableTask.Runtime;

/// <summary>Opens the store, sets going what it holds, and closes it again.</summary>
internal sealed class DurableEngine(IOptions<LocalDurableTaskOptions> options, ITaskInvoker invoker, TimeProvider time, ILoggerFactory loggers)
    : IEngineMonitor, IAsyncDisposable, IDisposable
{
    private volatile EngineParts? parts;

    public LocalDurableTaskOptions Options => options.Value;

    public DateTimeOffset? NextTimer => Parts.Timers.Next;

    /// <exception cref="InvalidOperationException">The engine has not been started, or has stopped.</exception>
    public EngineParts Parts => parts ?? throw new InvalidOperationException("The durable engine is not running: start the host that it belongs to first.");

    public Task WhenIdleAsync(CancellationToken cancellationToken = default) => Parts.Idle.WhenIdleAsync(cancellationToken);

    /// <exception cref="StateFileInUseException">Another process has the state file.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (parts is not null)
            return;
        var database = OpenDatabase();
        var meters = new EngineMeters(this);
        CommitLoop? commits = null;
        try
        {
            commits = new CommitLoop(database, Options.Scheduling) { Measured = meters.Committed };
            var engine = await BuildAsync(database, commits, meters);
            parts = engine;
            Recover(engine);
        }
        catch
        {
            // Nothing stays behind, and the file is free for the next try.
            parts = null;
            commits?.Abandon();
            meters.Dispose();
            database.Dispose();
            throw;
        }
    }

    private async Task<EngineParts> BuildAsync(StateDatabase database, CommitLoop commits, EngineMeters meters)
    {
        var inOrder = await commits.WriteAsync(writer => writer.TakeOver());
        var engine = new EngineParts
        {
            Options = Options,
            Invoker = invoker,
            Time = time,
            Log = loggers.CreateLogger("Microsoft.DurableTask"),
            Executions = new ExecutionServices(Options, invoker, loggers, Trespassed),
            Database = database,
            Commits = commits,
            Meters = meters,
            RecoversFromCrash = !inOrder,
            Suspects = new SuspectGate(Options.MaxDeliveries),
            LastKeyAtStart = database.Read(sql => sql.GetLastKey()),
        };
        engine.Timers = new TimerQueue(time, (item, at) => Due(engine, item, at));
        engine.Instances = new InstanceDirectory(engine);
        engine.Activities = new ActivityDispatcher(engine);
        meters.Observe(engine.Activities, engine.Instances);
        return engine;
    }

    /// <summary>Begins no more activities, waits for those that run, and leaves everything else to the next start.</summary>
    /// <param name="cancellationToken">Cancelled, it waits for nobody any more, and the next start finds what a kill would have left.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (parts is not { } engine)
            return;
        await engine.Activities.DrainAsync(Options.DrainTimeout, cancellationToken);
        engine.Timers.Dispose();
        engine.Instances.Stop();
        engine.Stopping.SetResult();
        engine.Suspects.Stop();
        try
        {
            await engine.Instances.WhenQuietAsync().WaitAsync(cancellationToken);
            await engine.Commits.WriteAsync(writer => writer.HandOver());
            parts = null;
            engine.Commits.Dispose();
        }
        catch (OperationCanceledException)
        {
            engine.Log.TurnsLeftRunning();
            parts = null;
            engine.Commits.Abandon();
        }
        Close(engine);
    }

    /// <summary>Ends as a kill would: what is not committed is lost.</summary>
    public async Task CrashAsync()
    {
        var engine = Parts;
        parts = null;
        engine.Commits.Abandon();
        engine.Instances.Stop();
        engine.Stopping.SetResult();
        engine.Suspects.Stop();
        engine.Timers.Dispose();
        await engine.Activities.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        await engine.Instances.WhenQuietAsync();
        Close(engine);
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    /// <summary>For a container that is not disposed asynchronously: with the SDK's workers that is allowed.</summary>
    public void Dispose() => StopAsync(CancellationToken.None).GetAwaiter().GetResult();

    private static void Close(EngineParts engine)
    {
        engine.Watch.Stop();
        engine.Meters.Dispose();
        engine.Instances.Dispose();
        engine.Suspects.Dispose();
        engine.Database.Dispose();
    }

    /// <summary>Hosts side by side in one process that name no file, as tests often do, get one each.</summary>
    private StateDatabase OpenDatabase()
    {
        for (var number = 1; ; number++)
        {
            var isNamed = Options.StateFile != LocalDurableTaskOptions.DefaultStateFile;
            var file = number == 1 ? Options.StateFile : Path.ChangeExtension(Options.StateFile, $"{number}.db");
            try
            {
                return StateDatabase.Open(file, Options.Vfs);
            }
            catch (StateFileInUseException) when (!isNamed && StateFileLock.IsOurs(file))
            {
                // The next one, then.
            }
        }
    }

    private static void Due(EngineParts engine, DueItem item, DateTimeOffset at)
    {
        if (item.TaskId < 0)
        {
            engine.Instances.Deliver(item.InstanceKey, null);
            return;
        }
        var fired = new DurableEvent(EventKind.TimerFired, item.TaskId);
        engine.Instances.Deliver(item.InstanceKey, new InboxMessage(0, item.Execution, fired) { DueAt = at });
    }

    private static void Recover(EngineParts engine)
    {
        var timers = engine.Database.Read(sql => sql.GetTimers());
        var starts = engine.Database.Read(sql => sql.GetScheduledStarts());
        var activities = engine.Database.Read(sql => sql.GetActivities());
        var ready = engine.Database.Read(sql => sql.GetInstancesWithMail());
        engine.Log.EngineStarted(engine.Database.Writer.File, ready.Count, activities.Count, timers.Count + starts.Count);
        foreach (var timer in timers)
            engine.Timers.Add(timer.FireAt, new DueItem(timer.InstanceKey, timer.Execution, timer.TaskId));
        foreach (var (key, notBefore) in starts)
            engine.Timers.Add(notBefore, new DueItem(key, 0, -1));
        foreach (var key in ready)
            engine.Instances.Deliver(key, null);
        foreach (var activity in activities)
            engine.Activities.Enqueue(activity, recovered: true);
    }

    private void Trespassed(ExecutionStart execution, string rule)
    {
        var message = new InboxMessage(0, execution.Execution, new DurableEvent(EventKind.Trespassed, Payload: rule));
        parts?.Instances.Deliver(execution.InstanceKey, message);
    }
}
