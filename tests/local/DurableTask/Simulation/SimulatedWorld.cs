using System.Runtime.ExceptionServices;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orchestrator.Local.DurableTask.Execution;
using Orchestrator.Local.DurableTask.Runtime;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>
/// The engine, the disk under it and the clock, all in the hands of one seed, and the crashes that it has in store for them;
/// or just one crash, at a point that is given.
/// </summary>
internal sealed class SimulatedWorld : IDisposable
{
    private readonly SeededScheduler scheduler;
    private readonly SimulatedDisk disk;
    private readonly ITaskInvoker invoker;
    private readonly CrashPoint? point;
    private readonly bool diskFails;
    private readonly int earlyClock;
    private DurableEngine? engine;
    private LocalDurableTaskClient? client;
    private ExceptionDispatchInfo? failure;
    private int crashAt;
    private int crashesLeft;

    public SimulatedWorld(int seed, string folder)
        : this(new SeededScheduler(seed), folder)
    {
        invoker = new SimulatedInvoker(Outside);
        diskFails = OneIn(4);
        earlyClock = OneIn(2) ? 0 : Random.Next(5, 100);
        crashesLeft = OneIn(5) ? 0 : Random.Next(1, 5);
        SetNextCrash();
    }

    public SimulatedWorld(CrashPoint point, string folder, ITaskInvoker invoker)
        : this(new SeededScheduler(point.Seed), folder) =>
        (this.point, this.invoker, crashesLeft, crashAt) = (point, invoker, 1, int.MaxValue);

    private SimulatedWorld(SeededScheduler scheduler, string folder)
    {
        this.scheduler = scheduler;
        disk = new SimulatedDisk(folder);
        Outside = new Outside(Clock, Tell);
        invoker = null!;
    }

    public Random Random => scheduler.Random;

    public FakeClock Clock { get; } = new();

    public Outside Outside { get; }

    /// <summary>How often the engine was started.</summary>
    public int Lives { get; private set; }

    public bool IsUp => client is not null;

    public ulong Trace => scheduler.Trace.Value;

    /// <summary>What happened, for who looks into a seed. Null: nobody does.</summary>
    public List<string>? Story { get; init; }

    /// <summary>Runs until the work has ended.</summary>
    /// <exception cref="TimeoutException">It never would.</exception>
    /// <param name="check">Comes last, while the store is still open.</param>
    public void Run(Func<Task> work, Action? check = null)
    {
        var run = Start(async () =>
        {
            await StartAsync();
            await work();
            check?.Invoke();
            client = null;
            await engine!.StopAsync(CancellationToken.None);
        });
        while (!run.IsCompleted)
        {
            failure?.Throw();
            if (scheduler.Steps > 500_000)
                throw new TimeoutException($"It went on and on.\n{Describe()}");
            if (!scheduler.IsIdle && !(earlyClock > 0 && Random.Next(earlyClock) == 0))
                scheduler.RunOne();
            else if (Clock.NextDue is { } due)
                Clock.Advance(due > Clock.GetUtcNow() ? due - Clock.GetUtcNow() : TimeSpan.Zero);
            else if (scheduler.IsIdle)
                throw new TimeoutException($"Nothing happens any more.\n{Describe()}");
            if (IsUp && crashesLeft > 0 && scheduler.Steps >= crashAt)
                Crash();
        }
        run.GetAwaiter().GetResult();
    }

    /// <summary>What it throws ends the run at once, whoever still waits for what.</summary>
    public Task Start(Func<Task> work) => scheduler.Start(async () =>
    {
        try
        {
            await work();
        }
        catch (Exception cause)
        {
            failure ??= ExceptionDispatchInfo.Capture(cause);
            throw;
        }
    });

    public Task DelayAsync(int seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Clock);

    public bool OneIn(int count) => Random.Next(count) == 0;

    public void Tell(string what)
    {
        scheduler.Trace.Add(what);
        Story?.Add($"{Clock.GetUtcNow():HH:mm:ss} {scheduler.Steps,6} {what}");
    }

    /// <summary>What a client does that repeats each call until it is answered.</summary>
    /// <param name="unsure">Told when nobody knows whether a call was accepted.</param>
    public async Task<T> CallAsync<T>(string what, Func<DurableTaskClient, Task<T>> call, Action? unsure = null)
    {
        while (true)
        {
            var livesBefore = Lives;
            var upBefore = IsUp;
            try
            {
                if (client is { } current)
                {
                    var answer = await call(current);
                    Tell($"{what}: answered");
                    return answer;
                }
            }
            catch (Exception cause) when (!upBefore || !IsUp || livesBefore != Lives || cause is StateStoreException or ObjectDisposedException)
            {
                Tell($"{what}: {cause.GetType().Name}");
                unsure?.Invoke();
            }
            await DelayAsync(1);
        }
    }

    /// <summary>From here on nothing breaks.</summary>
    public async Task CalmDownAsync()
    {
        crashesLeft = 0;
        disk.Fails = () => false;
        while (!IsUp)
            await DelayAsync(1);
        engine!.Parts.Commits.Faults = null;
        while (true)
        {
            await engine.WhenIdleAsync();
            if (engine.NextTimer is null)
                return;
            await DelayAsync(100);
        }
    }

    public async Task RestartAsync()
    {
        Tell("stops in order");
        client = null;
        await engine!.StopAsync(CancellationToken.None);
        await StartAsync();
    }

    /// <summary>Every instance has ended, nothing waits for it any more, no history has a thing twice, and all replay.</summary>
    public void CheckStore()
    {
        long Count(string sql) => Query(sql, row => row.GetInt64(0))[0];
        Assert.Equal("ok", Query("PRAGMA integrity_check", row => row.GetString(0))[0]);
        Assert.Equal(0, Count("SELECT COUNT(*) FROM Instances WHERE Status NOT IN (1, 3, 5)"));
        Assert.Equal(0, Count("SELECT (SELECT COUNT(*) FROM Inbox) + (SELECT COUNT(*) FROM Activities) + (SELECT COUNT(*) FROM Timers)"));
        Assert.Equal(0, Count("SELECT COUNT(*) FROM (SELECT 1 FROM History WHERE TaskId >= 0 GROUP BY InstanceKey, Kind, TaskId HAVING COUNT(*) > 1)"));
        Assert.Equal(0, Count("SELECT COUNT(*) FROM History WHERE InstanceKey NOT IN (SELECT Key FROM Instances)"));
        Assert.Empty(ReplayChecker.Check(
            engine!.Parts.Database, new ExecutionServices(engine.Options, invoker, NullLoggerFactory.Instance, (_, _) => { })));
    }

    public List<T> Query<T>(string sql, Func<Row, T> map) => engine!.Parts.Database.Read(statements => statements.Query(sql, map));

    public void Dispose() => disk.Dispose();

    private async Task StartAsync()
    {
        var options = new LocalDurableTaskOptions { StateFile = disk.StateFile, Vfs = SimulatedVfs.Name, Scheduling = scheduler.Engine };
        if (point is null)
            ChooseOptions(options);
        else
            options.ReplayFromStart = point.ReplayFromStart;
        engine = new DurableEngine(Options.Create(options), invoker, Clock, NullLoggerFactory.Instance);
        await engine.StartAsync(CancellationToken.None);
        Lives++;
        client = new LocalDurableTaskClient("", engine);
        Tell($"life {Lives} begins");
        if (crashesLeft > 0 && point is not null)
            engine.Parts.Commits.Faults = number => number == point.Transaction ? StopStore(point.Fault) : CommitFault.None;
        else if (crashesLeft > 0 && OneIn(2))
            engine.Parts.Commits.Faults = _ => OneIn(60) ? StopStore(OneIn(2) ? CommitFault.StopBefore : CommitFault.StopAfter) : CommitFault.None;
        if (diskFails && crashesLeft > 0)
            disk.Fails = () => OneIn(100);
    }

    private void ChooseOptions(LocalDurableTaskOptions options)
    {
        options.ReplayFromStart = OneIn(3);
        options.MaxCachedInstances = OneIn(2) ? Random.Next(3) : 1000;
        options.MaxConcurrentActivities = OneIn(3) ? Random.Next(1, 3) : 32;
        options.MaxConcurrentOrchestrations = OneIn(3) ? 1 : 32;
        options.DrainTimeout = TimeSpan.FromSeconds(Random.Next(20));
    }

    private CommitFault StopStore(CommitFault fault)
    {
        crashAt = 0;
        return fault;
    }

    /// <summary>Nothing is acknowledged after this, and whatever still runs works on files that are no longer read.</summary>
    private void Crash()
    {
        crashesLeft--;
        if (point is null)
            SetNextCrash();
        disk.Fails = () => false;
        var dying = engine!;
        client = null;
        dying.Parts.Commits.Faults = null;
        if (OneIn(5) && !dying.Parts.Commits.IsClosed)
        {
            _ = Start(async () =>
            {
                Tell("is told to stop");
                await dying.StopAsync(CancellationToken.None);
                disk.Kill();
                await ReviveAsync();
            });
            return;
        }
        dying.Parts.Commits.Abandon();
        if (OneIn(2))
            disk.Kill();
        else
            disk.CutPower(Random);
        Tell("dies");
        _ = Start(async () =>
        {
            await dying.CrashAsync();
            await ReviveAsync();
        });
    }

    private async Task ReviveAsync()
    {
        await DelayAsync(Random.Next(30));
        await StartAsync();
    }

    private void SetNextCrash() => crashAt = scheduler.Steps + Random.Next(10, OneIn(2) ? 100 : 1500);

    /// <summary>What is unfinished: with its history, and then what waits for it.</summary>
    private string Describe() => client is null ? "The engine is down." : string.Join('\n', Query(
        """
        SELECT InstanceId || ' status ' || Status || ' execution ' || Execution
            || ' history ' || IFNULL((SELECT GROUP_CONCAT(Turn || ':' || Kind || '#' || TaskId, ' ') FROM History WHERE InstanceKey = Key), '')
            || ' inbox ' || IFNULL((SELECT GROUP_CONCAT(Kind || '#' || TaskId || IFNULL('@' || NotBefore, ''), ' ') FROM Inbox WHERE InstanceKey = Key), '')
        FROM Instances WHERE Status NOT IN (1, 3, 5)
        """,
        row => row.GetString(0)));
}

/// <param name="Transaction">Of the first life of the engine, whose own beginning is number 1.</param>
internal sealed record CrashPoint(int Seed, int Transaction, CommitFault Fault, bool ReplayFromStart);
