using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Local.DurableTask.Runtime;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Tests;

/// <summary>An engine on a file of its own and a clock that stands still. It can be stopped, killed and started again on the same file.</summary>
public sealed class TestEngine : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("durable-");
    private readonly Action<DurableTaskRegistry> tasks;
    private readonly Action<LocalDurableTaskOptions>? configure;
    private ServiceProvider services = null!;
    private bool isRunning;

    private TestEngine(Action<DurableTaskRegistry> tasks, Action<LocalDurableTaskOptions>? configure)
    {
        this.tasks = tasks;
        this.configure = configure;
    }

    public FakeClock Clock { get; } = new();

    public string StateFile => Path.Combine(folder.FullName, "state.db");

    public DurableTaskClient Client => services.GetRequiredService<DurableTaskClient>();

    public ILoggerFactory Loggers => services.GetRequiredService<ILoggerFactory>();

    public IEngineMonitor Monitor => services.GetRequiredService<IEngineMonitor>();

    internal DurableEngine Engine => services.GetRequiredService<DurableEngine>();

    public static async Task<TestEngine> StartAsync(Action<DurableTaskRegistry> tasks, Action<LocalDurableTaskOptions>? configure = null)
    {
        var engine = new TestEngine(tasks, configure);
        await engine.StartAsync();
        return engine;
    }

    public async Task StartAsync(Action<DurableTaskRegistry>? otherTasks = null)
    {
        services = new ServiceCollection()
            .AddLogging(logs => logs.SetMinimumLevel(LogLevel.Debug))
            .AddSingleton<TimeProvider>(Clock)
            .AddLocalDurableTask(
                options =>
                {
                    options.StateFile = StateFile;
                    options.DrainTimeout = TimeSpan.FromHours(1);
                    configure?.Invoke(options);
                },
                otherTasks ?? tasks)
            .BuildServiceProvider();
        await Engine.StartAsync(CancellationToken.None);
        isRunning = true;
    }

    public async Task StopAsync()
    {
        if (!isRunning)
            return;
        isRunning = false;
        CheckReplay();
        await Engine.StopAsync(CancellationToken.None);
        await services.DisposeAsync();
    }

    /// <summary>Ends the engine as a kill would, and starts another on its file.</summary>
    public async Task CrashAndRestartAsync(Action<DurableTaskRegistry>? otherTasks = null)
    {
        await Engine.CrashAsync();
        await services.DisposeAsync();
        await StartAsync(otherTasks);
    }

    public Task<string> RunAsync(TaskName orchestrator, object? input = null, string? id = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new StartOrchestrationOptions(id));

    /// <summary>Waits until the instance has ended, without moving the clock.</summary>
    public Task<OrchestrationMetadata> EndAsync(string id) =>
        Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Waits until nothing more happens without an event or a timer.</summary>
    public Task IdleAsync() => Monitor.WhenIdleAsync().WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Moves the clock to the next timer and lets it fire.</summary>
    public async Task FireNextTimerAsync()
    {
        await IdleAsync();
        Clock.Advance(Monitor.NextTimer!.Value - Clock.GetUtcNow());
        await IdleAsync();
    }

    public async Task FireNextTimerIfAnyAsync()
    {
        await IdleAsync();
        if (Monitor.NextTimer is not null)
            await FireNextTimerAsync();
    }

    public async Task<OrchestrationMetadata> RunToEndAsync(TaskName orchestrator, object? input = null) => await EndAsync(await RunAsync(orchestrator, input));

    public async Task<OrchestrationMetadata> GetAsync(string id) => (await Client.GetInstanceAsync(id, getInputsAndOutputs: true))!;

    /// <summary>Lets the store stop, as if the process were killed there, at the n-th transaction from now.</summary>
    /// <returns>Completes when it has.</returns>
    internal Task StopStoreAt(int transaction, CommitFault fault)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var at = Engine.Parts.Commits.Transactions + transaction;
        Engine.Parts.Commits.Faults = number =>
        {
            if (number != at)
                return CommitFault.None;
            stopped.SetResult();
            return fault;
        };
        return stopped.Task;
    }

    internal void KeepStoreRunning() => Engine.Parts.Commits.Faults = null;

    /// <summary>Every instance has ended, nothing waits for it any more, and no history has a thing twice.</summary>
    internal void AssertNothingIsLeftOrDoubled()
    {
        long Count(string sql) => (long)Engine.Parts.Database.Read(statements => statements.Scalar(sql))!;
        Assert.Equal(0, Count("SELECT COUNT(*) FROM Instances WHERE Status NOT IN (1, 3, 5)"));
        Assert.Equal(0, Count("SELECT (SELECT COUNT(*) FROM Inbox) + (SELECT COUNT(*) FROM Activities) + (SELECT COUNT(*) FROM Timers)"));
        Assert.Equal(0, Count("SELECT COUNT(*) FROM (SELECT 1 FROM History WHERE TaskId >= 0 GROUP BY InstanceKey, Kind, TaskId HAVING COUNT(*) > 1)"));
    }

    /// <summary>For tests whose orchestrators diverge on purpose.</summary>
    public bool ReplaysDiffer { get; set; }

    /// <summary>What is on disk leads every orchestrator to where it is.</summary>
    private void CheckReplay()
    {
        if (!ReplaysDiffer)
            Assert.Empty(ReplayChecker.Check(services));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Delete(recursive: true);
    }
}
