using System.Net;
using System.Net.Sockets;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests;

/// <summary>Orchestrators that await what replay could not repeat, and those that only look as if they did.</summary>
public abstract class ForeignWaitTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    public delegate Task Code(TaskOrchestrationContext context);

    public static TheoryData<string, Code> Trespasses => new()
    {
        { "a delay", _ => Task.Delay(20) },
        { "a task of the pool", _ => Task.Run(() => 1) },
        { "a long task of the pool", _ => Task.Run(() => Task.Delay(20)) },
        { "a delay that wins against a durable task", c => Task.WhenAny(Task.Delay(20), Event(c)) },
        { "a delay that ends after a durable task", c => Task.WhenAll(Task.Delay(1000), c.CallActivityAsync("Nothing")) },
        { "a delay with a result beside a durable task", c => Task.WhenAll(DelayedAsync(), EventAsync(c)) },
        { "a delay inside another branch", c => Task.WhenAll(DelayAsync(), Event(c)) },
        { "ConfigureAwait(false) on a durable task", LeaveThreadAsync },
        { "a signal from another thread", _ => SignalFromThreadAsync() },
        { "a call over HTTP", _ => CallHttpAsync() },
        { "a call from another thread", c => { OnThreads(1, () => c.NewGuid()); return Event(c); } },
        { "calls from many threads", c => { OnThreads(8, () => c.SetCustomStatus("mine")); return Event(c); } },
        { "a timer cancelled from elsewhere", CancelledFromElsewhereAsync },
        { "a continuation on the pool", c => Event(c).ContinueWith(_ => c.NewGuid(), TaskScheduler.Default) },
    };

    [Theory]
    [MemberData(nameof(Trespasses))]
    public async Task Awaiting_what_is_no_durable_task_fails_the_instance_and_is_said(string what, Code trespass)
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Nothing", _ => { })
            .AddOrchestratorFunc("Trespass", async context =>
            {
                await trespass(context);
                await Event(context);
            }));
        engine.ReplaysDiffer = true;

        // Which thread comes first is another each time.
        engine.ReplaysDiffer = what.Contains("thread", StringComparison.Ordinal);

        var id = await engine.RunAsync("Trespass");
        if (what.StartsWith("a continuation", StringComparison.Ordinal))
            await engine.Client.RaiseEventAsync(id, "go", "now");
        var run = await engine.EndAsync(id);

        Assert.True(run.RuntimeStatus == OrchestrationRuntimeStatus.Failed, what);
        Assert.Contains("not a durable task", run.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    public static TheoryData<string, Code> Allowed => new()
    {
        { "all of several", c => Task.WhenAll(c.CallActivityAsync("Nothing"), Timer(c), Event(c), EventAsync(c)) },
        { "all of several with results", c => Task.WhenAll(c.CallActivityAsync<int>("One"), c.CallActivityAsync<int>("One")) },
        { "any of two", c => Task.WhenAny(Timer(c), Event(c)) },
        { "any of many", c => Task.WhenAny(Timer(c), Event(c), c.CallActivityAsync("Nothing"), c.CallSubOrchestratorAsync("Child")) },
        { "any of all", c => Task.WhenAny(Task.WhenAll(Timer(c), Event(c)), Task.WhenAll(c.CallActivityAsync("Nothing"), Event(c))) },
        { "a timer that is cancelled", CancelTimerAsync },
        { "what has ended", async c => { await Task.CompletedTask; await Task.WhenAll(Task.FromResult(1), c.CallActivityAsync<int>("One")); await Task.WhenAny(Task.FromResult(1), Event(c)); } },
        { "a yield", async c => { await Task.Yield(); await c.CallActivityAsync("Nothing"); } },
        { "local functions", async c => { await Task.WhenAll(Local(1), Local(2)); async Task<int> Local(int n) => n + await c.CallActivityAsync<int>("One"); } },
        { "an iterator of its own", async c => await Task.WhenAll(SumAsync(c), c.CallActivityAsync<int>("One")) },
        { "ConfigureAwait(true)", async c => await c.CallActivityAsync("Nothing").ConfigureAwait(true) },
        { "a wait with a limit", async c => await Caught(c.WaitForExternalEvent<string>("never", TimeSpan.FromMinutes(1))) },
        { "a signal of its own", SignalAsync },
        { "a semaphore of its own", ThrottleAsync },
        { "a continuation of its own", c => c.CallActivityAsync<int>("One").ContinueWith(one => c.CallActivityAsync<int>("One"), TaskScheduler.Current).Unwrap() },
        { "a value task", async c => await ValueAsync(c) },
        { "a call that nobody waits for", c => { _ = c.CallActivityAsync("Nothing"); return Event(c); } },
        { "tasks that end one by one when the orchestrator has", c => { _ = Task.WhenAll(Timer(c), Timer(c, 2), Timer(c, 3)); return Event(c); } },
        { "a failure in a branch", async c => await Caught(Task.WhenAll(c.CallActivityAsync("Throw"), c.CallActivityAsync("Nothing"))) },
        { "retries in branches", async c => await Caught(Task.WhenAll(Retried(c), Retried(c))) },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task What_replay_repeats_is_let_through(string what, Code code)
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Nothing", _ => { })
            .AddActivityFunc("One", _ => 1)
            .AddActivityFunc("Throw", _ => throw new InvalidOperationException("no"))
            .AddOrchestratorFunc("Child", context => context.CallActivityAsync<int>("One"))
            .AddOrchestratorFunc("Run", async context =>
            {
                await code(context);
                return "ran";
            }));

        var id = await engine.RunAsync("Run");
        for (var n = 0; n < 3; n++)
        {
            await engine.FireNextTimerIfAnyAsync();
            await engine.Client.RaiseEventAsync(id, "go", "now");
        }
        for (var n = 0; n < 3; n++)
            await engine.FireNextTimerIfAnyAsync();

        var run = await engine.EndAsync(id);
        Assert.True(run.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{what}: {run.FailureDetails?.ErrorMessage}");
    }

    [Fact]
    public async Task A_thousand_branches_behind_a_semaphore_are_let_through()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("One", _ => 1)
            .AddOrchestratorFunc("Fan", async context =>
            {
                using var places = new SemaphoreSlim(100);
                return (await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => OneAsync()))).Sum();

                async Task<int> OneAsync()
                {
                    await places.WaitAsync();
                    try
                    {
                        return await context.CallActivityAsync<int>("One");
                    }
                    finally
                    {
                        places.Release();
                    }
                }
            }));

        Assert.Equal(1000, (await engine.RunToEndAsync("Fan")).ReadOutputAs<int>());
    }

    private static Task Timer(TaskOrchestrationContext context, int minutes = 1) => context.CreateTimer(TimeSpan.FromMinutes(minutes), CancellationToken.None);

    private static Task<string> Event(TaskOrchestrationContext context) => context.WaitForExternalEvent<string>("go");

    private static async Task<int> EventAsync(TaskOrchestrationContext context) => (await Event(context)).Length;

    private static async Task DelayAsync() => await Task.Delay(20);

    private static async Task<int> DelayedAsync()
    {
        await Task.Delay(20);
        return 1;
    }

    private static async Task LeaveThreadAsync(TaskOrchestrationContext context) => await context.CallActivityAsync("Nothing").ConfigureAwait(false);

    private static async Task SignalFromThreadAsync()
    {
        var signal = new TaskCompletionSource();
        await using var soon = new Timer(_ => signal.SetResult(), null, 20, Timeout.Infinite);
        await signal.Task;
    }

    private static async Task CallHttpAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var http = new HttpClient();
        try
        {
            var answer = http.GetStringAsync(new Uri($"http://{listener.LocalEndpoint}/"));
            using (listener.AcceptTcpClient())
            {
                // It is taken and closed without an answer, so that the call fails.
            }
            await answer;
        }
        catch (HttpRequestException)
        {
            // Back on whatever thread.
        }
    }

    private static async Task CancelledFromElsewhereAsync(TaskOrchestrationContext context)
    {
        using var source = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.FromDays(1), source.Token);
        source.CancelAfter(20);
        await timer;
    }

    private static void OnThreads(int count, Action action)
    {
        var threads = Enumerable.Range(0, count).Select(_ => new Thread(Try)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        void Try()
        {
            try
            {
                action();
            }
            catch (InvalidOperationException)
            {
                // The thread must not take the process along.
            }
        }
    }

    private static async Task Caught(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception expected) when (expected is TaskFailedException or OperationCanceledException)
        {
            // As the case has it.
        }
    }

    private static Task Retried(TaskOrchestrationContext context) =>
        context.CallActivityAsync("Throw", new TaskOptions(new RetryPolicy(3, TimeSpan.FromSeconds(1))));

    private static async Task CancelTimerAsync(TaskOrchestrationContext context)
    {
        using var source = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.FromDays(1), source.Token);
        await Task.WhenAny(timer, context.CallActivityAsync("Nothing"));
#pragma warning disable CA1849 // An asynchronous cancellation would leave the orchestrator's thread.
        source.Cancel();
#pragma warning restore CA1849
        await Caught(timer);
    }

    private static async Task SignalAsync(TaskOrchestrationContext context)
    {
        var signal = new TaskCompletionSource();
        await Task.WhenAll(signal.Task, Event(context), GiveAsync());

        async Task GiveAsync()
        {
            await context.CallActivityAsync("Nothing");
            signal.SetResult();
        }
    }

    private static async Task ThrottleAsync(TaskOrchestrationContext context)
    {
        using var places = new SemaphoreSlim(1);
        await Task.WhenAll(OneAsync(), OneAsync(), OneAsync());

        async Task OneAsync()
        {
            await places.WaitAsync();
            await context.CallActivityAsync("Nothing");
            places.Release();
        }
    }

    private static async ValueTask<int> ValueAsync(TaskOrchestrationContext context) => await context.CallActivityAsync<int>("One");

    private static async Task<int> SumAsync(TaskOrchestrationContext context)
    {
        var sum = 0;
        await foreach (var n in EachAsync(context))
            sum += n;
        return sum;
    }

    private static async IAsyncEnumerable<int> EachAsync(TaskOrchestrationContext context)
    {
        for (var n = 0; n < 3; n++)
            yield return await context.CallActivityAsync<int>("One");
    }

    public sealed class Warm() : ForeignWaitTests(false);

    public sealed class Replayed() : ForeignWaitTests(true);
}
