using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Tests;

/// <summary>Stops the store at its first transaction, then at its second, and so on, and requires the same end each time.</summary>
public abstract class CrashPointTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    private const string Expected = "fan 6, children 1+2, events 1+2+3, slept";

    [Fact]
    public async Task A_transaction_that_is_lost_changes_nothing_in_the_end() => await CrashEverywhereAsync(CommitFault.StopBefore);

    [Fact]
    public async Task A_transaction_that_nobody_heard_of_changes_nothing_in_the_end() => await CrashEverywhereAsync(CommitFault.StopAfter);

    private async Task CrashEverywhereAsync(CommitFault fault)
    {
        var points = 0;
        for (var crashed = true; crashed; points++)
            crashed = await RunAsync(points + 1, fault);

        Assert.True(points > 10, $"only {points} transactions");
    }

    /// <returns>False when the run ended before the transaction at which it was to stop.</returns>
    private async Task<bool> RunAsync(int at, CommitFault fault)
    {
        await using var engine = await StartAsync(AddTasks, options => options.MaxDeliveries = 1000);
        var stopped = engine.StopStoreAt(at, fault);

        await Task.WhenAny(stopped, DriveAsync(engine, stopped));
        var crashed = stopped.IsCompleted;
        engine.KeepStoreRunning();
        if (crashed)
        {
            await engine.CrashAndRestartAsync();
            await DriveAsync(engine, new TaskCompletionSource().Task);
        }

        Assert.Equal(Expected, (await engine.EndAsync("world")).ReadOutputAs<string>());
        engine.AssertNothingIsLeftOrDoubled();
        return crashed;
    }

    /// <summary>What a client does that repeats each call until it is acknowledged.</summary>
    private static async Task DriveAsync(TestEngine engine, Task stopped)
    {
        try
        {
            await engine.RunAsync("World", new World("", []), "world");
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // It was started before the crash.
        }
        catch (ObjectDisposedException)
        {
            return;
        }
        try
        {
            foreach (var number in new[] { 1, 2, 3 })
                await engine.Client.RaiseEventAsync("world", "number", number);
            // Three timers of the world, and as many rounds in which it may be on its way to the next.
            for (var round = 0; round < 50 && !stopped.IsCompleted && !(await engine.GetAsync("world")).IsCompleted; round++)
                await engine.FireNextTimerIfAnyAsync();
        }
        catch (Exception cause) when (cause is ObjectDisposedException or InvalidOperationException or TimeoutException)
        {
            // The store has stopped in between.
        }
    }

    private static void AddTasks(DurableTaskRegistry tasks) => tasks
        .AddActivityFunc<int, int>("Same", (_, n) => n)
        .AddOrchestratorFunc<int, int>("Child", async (context, n) =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(n), CancellationToken.None);
            return await context.CallActivityAsync<int>("Same", n);
        })
        .AddOrchestratorFunc<World, string>("World", RunWorldAsync);

    private static async Task<string> RunWorldAsync(TaskOrchestrationContext context, World world)
    {
        if (world.Done.Length == 0)
        {
            var fan = await Task.WhenAll(new[] { 1, 2, 3 }.Select(n => context.CallActivityAsync<int>("Same", n)));
            var children = await Task.WhenAll(new[] { 1, 2 }.Select(n =>
                context.CallSubOrchestratorAsync<int>("Child", n, new SubOrchestrationOptions(instanceId: $"{context.InstanceId}:{n}"))));
            context.ContinueAsNew(new World($"fan {fan.Sum()}, children {string.Join('+', children)}", []));
            return "";
        }
        var number = await context.WaitForExternalEvent<int>("number");
        var numbers = world.Numbers.Append(number).Distinct().Order().ToList();
        if (numbers.Count < 3)
        {
            context.ContinueAsNew(world with { Numbers = numbers });
            return "";
        }
        await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
        return $"{world.Done}, events {string.Join('+', numbers)}, slept";
    }

    public sealed record World(string Done, List<int> Numbers);

    public sealed class Warm() : CrashPointTests(false);

    public sealed class Replayed() : CrashPointTests(true);
}
