using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class RetryTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    private readonly ConcurrentQueue<DateTimeOffset> attempts = new();

    [Fact]
    public async Task A_policy_s_pauses_grow_up_to_their_limit()
    {
        var policy = new RetryPolicy(5, TimeSpan.FromSeconds(1), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(3));
        await using var engine = await StartAsync(new TaskOptions(policy), failures: 4);

        var id = await engine.RunAsync("Try");
        for (var n = 0; n < 4; n++)
            await engine.FireNextTimerAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await engine.EndAsync(id)).RuntimeStatus);
        var times = attempts.ToList();
        Assert.Equal([1, 2, 3, 3], times.Zip(times.Skip(1), (a, b) => (b - a).TotalSeconds));
    }

    [Fact]
    public async Task A_policy_gives_up_after_its_attempts()
    {
        await using var engine = await StartAsync(new TaskOptions(new RetryPolicy(3, TimeSpan.FromSeconds(1))), failures: 10);

        var id = await engine.RunAsync("Try");
        await engine.FireNextTimerAsync();
        await engine.FireNextTimerAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.EndAsync(id)).RuntimeStatus);
        Assert.Equal(3, attempts.Count);
    }

    [Fact]
    public async Task A_policy_gives_up_when_its_time_is_up()
    {
        var policy = new RetryPolicy(100, TimeSpan.FromSeconds(10), retryTimeout: TimeSpan.FromSeconds(15));
        await using var engine = await StartAsync(new TaskOptions(policy), failures: 100);

        var id = await engine.RunAsync("Try");
        await engine.FireNextTimerAsync();
        await engine.FireNextTimerAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.EndAsync(id)).RuntimeStatus);
        Assert.Equal(3, attempts.Count);
    }

    [Fact]
    public async Task A_policy_leaves_a_failure_that_it_does_not_handle()
    {
        var policy = new RetryPolicy(5, TimeSpan.FromSeconds(1)) { HandleFailure = failure => !failure.ErrorMessage.StartsWith("MIG0012", StringComparison.Ordinal) };
        await using var engine = await StartAsync(new TaskOptions(policy), failures: 10);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.RunToEndAsync("Try")).RuntimeStatus);
        Assert.Single(attempts);
    }

    [Fact]
    public async Task A_handler_decides_with_the_number_of_the_attempt()
    {
        await using var engine = await StartAsync(
            TaskOptions.FromRetryHandler(retry => retry.LastAttemptNumber < 4 && retry.LastFailure.IsCausedBy<InvalidOperationException>()), failures: 10);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.RunToEndAsync("Try")).RuntimeStatus);
        Assert.Equal(4, attempts.Count);
    }

    [Fact]
    public async Task An_asynchronous_handler_may_wait_for_a_timer()
    {
        await using var engine = await StartAsync(
            TaskOptions.FromRetryHandler(async retry =>
            {
                await retry.OrchestrationContext.CreateTimer(TimeSpan.FromMinutes(retry.LastAttemptNumber), CancellationToken.None);
                return retry.TotalRetryTime < TimeSpan.FromHours(1);
            }),
            failures: 2);

        var id = await engine.RunAsync("Try");
        await engine.FireNextTimerAsync();
        await engine.FireNextTimerAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await engine.EndAsync(id)).RuntimeStatus);
        var times = attempts.ToList();
        Assert.Equal([1, 2], times.Zip(times.Skip(1), (a, b) => (b - a).TotalMinutes));
    }

    private async Task<TestEngine> StartAsync(TaskOptions options, int failures)
    {
        TestEngine? engine = null;
        engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Break", _ =>
            {
                attempts.Enqueue(engine!.Clock.GetUtcNow());
                if (attempts.Count <= failures)
                    throw new InvalidOperationException("MIG0012: broken");
            })
            .AddOrchestratorFunc("Try", context => context.CallActivityAsync("Break", options)));
        return engine;
    }

    public sealed class Warm() : RetryTests(false);

    public sealed class Replayed() : RetryTests(true);
}
