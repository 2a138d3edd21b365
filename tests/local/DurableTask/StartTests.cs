using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task A_hundred_starts_of_one_id_at_once_give_one_run_durable_extension_367()
    {
        await using var engine = await TestEngine.StartAsync(AddTasks);

        var starts = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => TryStartAsync(engine, "Wait")));

        Assert.Single(starts, started => started);
    }

    [Fact]
    public async Task An_id_whose_instance_has_ended_is_used_again()
    {
        await using var engine = await TestEngine.StartAsync(AddTasks);
        await engine.RunAsync("Echo", "first", "same");
        await engine.EndAsync("same");

        await engine.RunAsync("Echo", "second", "same");

        Assert.Equal("second", (await engine.EndAsync("same")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Dedupe_statuses_say_when_an_id_is_not_used_again()
    {
        await using var engine = await TestEngine.StartAsync(AddTasks);
        await engine.RunAsync("Echo", "first", "same");
        await engine.EndAsync("same");

        var options = new StartOrchestrationOptions("same").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed);

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => engine.Client.ScheduleNewOrchestrationInstanceAsync("Echo", "second", options));
        Assert.Equal("first", (await engine.GetAsync("same")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Dedupe_statuses_without_running_replace_an_instance_that_runs()
    {
        await using var engine = await TestEngine.StartAsync(AddTasks);
        await engine.RunAsync("Wait", id: "same");
        await engine.Client.WaitForInstanceStartAsync("same");

        var options = new StartOrchestrationOptions("same").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Echo", "second", options);

        Assert.Equal("second", (await engine.EndAsync("same")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_scheduled_start_waits_for_its_time_through_a_restart()
    {
        await using var engine = await TestEngine.StartAsync(AddTasks);
        var at = engine.Clock.GetUtcNow().AddDays(2);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Echo", "late", new StartOrchestrationOptions("later", at));

        await engine.CrashAndRestartAsync();
        await engine.IdleAsync();
        Assert.Equal(at, engine.Monitor.NextTimer);
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await engine.GetAsync("later")).RuntimeStatus);
        await engine.FireNextTimerAsync();

        Assert.Equal("late", (await engine.EndAsync("later")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task The_version_is_the_one_given_or_the_default()
    {
        await using var engine = await TestEngine.StartAsync(
            tasks => tasks.AddOrchestratorFunc("Version", context => $"{context.Version} {context.CompareVersionTo("1.5")}"),
            options => options.DefaultVersion = "1.0");
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Version", new StartOrchestrationOptions("given") { Version = "2.0" });
        await engine.RunAsync("Version", id: "default");

        Assert.Equal("2.0 1", (await engine.EndAsync("given")).ReadOutputAs<string>());
        Assert.Equal("1.0 -1", (await engine.EndAsync("default")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_registered_version_serves_its_own_instances_only()
    {
        await using var engine = await TestEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string?, string>("Step", "1.0", (_, _) => Task.FromResult("one"))
            .AddOrchestratorFunc<string?, string>("Step", "2.0", (_, _) => Task.FromResult("two")));
        foreach (var version in new[] { "1.0", "2.0", "3.0" })
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Step", new StartOrchestrationOptions(version) { Version = version });

        Assert.Equal("one", (await engine.EndAsync("1.0")).ReadOutputAs<string>());
        Assert.Equal("two", (await engine.EndAsync("2.0")).ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.EndAsync("3.0")).RuntimeStatus);
    }

    [Fact]
    public async Task A_wait_may_begin_before_its_instance_does()
    {
        await using var engine = await TestEngine.StartAsync(AddTasks);
        using var cancellation = new CancellationTokenSource();

        var started = engine.Client.WaitForInstanceStartAsync("later", CancellationToken.None);
        var ended = engine.EndAsync("later");
        var never = engine.Client.WaitForInstanceCompletionAsync("nobody", cancellation.Token);
        Assert.False(started.IsCompleted || ended.IsCompleted);
        await engine.RunAsync("Echo", "came", "later");

        Assert.Equal("came", (await ended).ReadOutputAs<string>());
        Assert.Equal("later", (await started.WaitAsync(TimeSpan.FromSeconds(20))).InstanceId);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => never);
    }

    private static void AddTasks(DurableTaskRegistry tasks) => tasks
        .AddOrchestratorFunc<string, string>("Echo", (_, text) => text)
        .AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("never"));

    private static async Task<bool> TryStartAsync(TestEngine engine, string orchestrator)
    {
        try
        {
            await engine.RunAsync(orchestrator, id: "same");
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return false;
        }
    }
}
