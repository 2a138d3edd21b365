using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class SuspendAndTerminateTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    [Fact]
    public async Task A_result_that_comes_while_suspended_waits_on_disk()
    {
        var runs = 0;
        var release = new TaskCompletionSource<string>();
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Work", _ =>
            {
                runs++;
                return release.Task;
            })
            .AddOrchestratorFunc("Call", context => context.CallActivityAsync<string>("Work")));

        var id = await engine.RunAsync("Call");
        await engine.Client.WaitForInstanceStartAsync(id);
        await engine.Client.SuspendInstanceAsync(id);
        release.SetResult("done");
        await engine.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await engine.GetAsync(id)).RuntimeStatus);
        await engine.CrashAndRestartAsync();
        await engine.Client.ResumeInstanceAsync(id);

        Assert.Equal("done", (await engine.EndAsync(id)).ReadOutputAs<string>());
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_timer_that_fires_while_suspended_is_not_forgotten()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Sleep", async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return "awake";
        }));

        var id = await engine.RunAsync("Sleep");
        await engine.Client.SuspendInstanceAsync(id);
        await engine.FireNextTimerAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await engine.GetAsync(id)).RuntimeStatus);
        await engine.Client.ResumeInstanceAsync(id);

        Assert.Equal("awake", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Termination_reaches_a_running_activity_durable_extension_506()
    {
        var cancelled = new TaskCompletionSource();
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc<string?, string>("Long", async (_, _, cancellation) =>
            {
                await using var seen = cancellation.Register(() => cancelled.SetResult());
                await Task.Delay(Timeout.Infinite, cancellation);
                return "never";
            })
            .AddOrchestratorFunc("Call", context => context.CallActivityAsync<string>("Long")));

        var id = await engine.RunAsync("Call");
        await engine.Client.WaitForInstanceStartAsync(id);
        await engine.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions("stopped"));
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5));

        var run = await engine.EndAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, run.RuntimeStatus);
        Assert.Equal("stopped", run.ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Termination_reaches_sub_orchestrations_when_it_is_to(bool recursive)
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Leaf", context => context.WaitForExternalEvent<string>("never"))
            .AddOrchestratorFunc("Middle", context => context.CallSubOrchestratorAsync("Leaf", new SubOrchestrationOptions(instanceId: "leaf")))
            .AddOrchestratorFunc("Root", context => context.CallSubOrchestratorAsync("Middle")));

        await engine.RunAsync("Root", id: "root");
        await engine.IdleAsync();
        await engine.Client.TerminateInstanceAsync("root", new TerminateInstanceOptions(Recursive: recursive));
        await engine.EndAsync("root");
        await engine.IdleAsync();

        var expected = recursive ? OrchestrationRuntimeStatus.Terminated : OrchestrationRuntimeStatus.Running;
        Assert.Equal(expected, (await engine.GetAsync("leaf")).RuntimeStatus);
    }

    [Fact]
    public async Task A_start_and_a_termination_in_one_batch_both_count_durable_extension_1380()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("never")));

        var ids = Enumerable.Range(0, 50).Select(n => $"i{n}").ToList();
        await Task.WhenAll(ids.SelectMany(id => new[] { engine.RunAsync("Wait", id: id), TerminateAsync(id) }));

        foreach (var id in ids)
            Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engine.EndAsync(id)).RuntimeStatus);

        async Task<string> TerminateAsync(string id)
        {
            await engine.Client.TerminateInstanceAsync(id);
            return id;
        }
    }

    [Fact]
    public async Task An_instance_that_has_not_started_can_be_terminated()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Never", _ => "ran"));
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Never", new StartOrchestrationOptions("later", engine.Clock.GetUtcNow().AddDays(1)));

        await engine.Client.TerminateInstanceAsync("later");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engine.EndAsync("later")).RuntimeStatus);
        Assert.Null(engine.Monitor.NextTimer);
    }

    [Fact]
    public async Task An_instance_that_has_not_started_can_be_suspended()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Later", _ => "ran"));
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Later", new StartOrchestrationOptions("later", engine.Clock.GetUtcNow().AddDays(1)));
        await engine.Client.SuspendInstanceAsync("later");
        await engine.FireNextTimerAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await engine.GetAsync("later")).RuntimeStatus);

        await engine.Client.ResumeInstanceAsync("later");

        Assert.Equal("ran", (await engine.EndAsync("later")).ReadOutputAs<string>());
    }

    public sealed class Warm() : SuspendAndTerminateTests(false);

    public sealed class Replayed() : SuspendAndTerminateTests(true);
}
