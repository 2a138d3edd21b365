using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Tests;

/// <summary>Rewinds a tree of failed orchestrations and stops the store at each transaction of it in turn.</summary>
public abstract class RewindCrashPointTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    private volatile bool broken;

    [Fact]
    public async Task A_transaction_that_is_lost_changes_nothing_in_the_end() => await CrashEverywhereAsync(CommitFault.StopBefore);

    [Fact]
    public async Task A_transaction_that_nobody_heard_of_changes_nothing_in_the_end() => await CrashEverywhereAsync(CommitFault.StopAfter);

    private async Task CrashEverywhereAsync(CommitFault fault)
    {
        var points = 0;
        for (var crashed = true; crashed; points++)
            crashed = await RunAsync(points + 1, fault);

        Assert.True(points > 5, $"only {points} transactions");
    }

    /// <returns>False when the rewind ended before the transaction at which it was to stop.</returns>
    private async Task<bool> RunAsync(int at, CommitFault fault)
    {
        broken = true;
        await using var engine = await StartAsync(AddTasks, options => options.MaxDeliveries = 1000);
        await engine.RunAsync("Top", id: "top");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.EndAsync("top")).RuntimeStatus);
        await engine.IdleAsync();
        broken = false;

        var stopped = engine.StopStoreAt(at, fault);
        await RewindAsync(engine, stopped);
        var crashed = stopped.IsCompleted;
        engine.KeepStoreRunning();
        if (crashed)
        {
            await engine.CrashAndRestartAsync();
            await RewindAsync(engine, new TaskCompletionSource().Task);
        }

        Assert.Equal("1+2+3/own/1+2+3", (await engine.EndAsync("top")).ReadOutputAs<string>());
        engine.AssertNothingIsLeftOrDoubled();
        return crashed;
    }

    /// <summary>What a client does that repeats the call until it is acknowledged, and then waits for the end.</summary>
    private static async Task RewindAsync(TestEngine engine, Task stopped)
    {
        try
        {
            if ((await engine.GetAsync("top")).RuntimeStatus == OrchestrationRuntimeStatus.Failed)
                await engine.Client.RewindInstanceAsync("top", "mended");
            await Task.WhenAny(stopped, engine.EndAsync("top"));
        }
        catch (ObjectDisposedException)
        {
            // The store has stopped.
        }
    }

    private void AddTasks(DurableTaskRegistry tasks) => tasks
        .AddActivityFunc<int, int>("Odd", (_, n) => broken && n % 2 == 1 ? throw new InvalidOperationException("odd") : n)
        .AddOrchestratorFunc("Own", _ => broken ? throw new InvalidOperationException("own") : "own")
        .AddOrchestratorFunc("Fan", async context =>
            string.Join('+', await Task.WhenAll(new[] { 1, 2, 3 }.Select(n => context.CallActivityAsync<int>("Odd", n)))))
        .AddOrchestratorFunc("Middle", context => context.CallSubOrchestratorAsync<string>("Fan"))
        .AddOrchestratorFunc("Top", async context => string.Join('/', await Task.WhenAll(
            context.CallSubOrchestratorAsync<string>("Middle", new SubOrchestrationOptions(instanceId: "middle")),
            context.CallSubOrchestratorAsync<string>("Own"),
            context.CallSubOrchestratorAsync<string>("Fan"))));

    public sealed class Warm() : RewindCrashPointTests(false);

    public sealed class Replayed() : RewindCrashPointTests(true);
}
