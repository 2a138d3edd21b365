using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class ExternalEventTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    [Fact]
    public async Task Events_are_taken_oldest_first_whatever_the_case_of_their_names()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<int, List<int>>("Collect", CollectAsync));

        var id = await engine.RunAsync("Collect", 3);
        await engine.Client.RaiseEventAsync(id, "NUMBER", 1);
        await engine.Client.RaiseEventAsync(id, "number", 2);
        await engine.Client.RaiseEventAsync(id, "Number", 3);

        Assert.Equal([1, 2, 3], (await engine.EndAsync(id)).ReadOutputAs<List<int>>());
    }

    [Fact]
    public async Task Many_at_once_all_arrive()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<int, List<int>>("Collect", CollectAsync));

        var id = await engine.RunAsync("Collect", 500);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(n => engine.Client.RaiseEventAsync(id, "number", n)));

        Assert.Equal(Enumerable.Range(0, 500), (await engine.EndAsync(id)).ReadOutputAs<List<int>>()!.Order());
    }

    [Fact]
    public async Task An_event_that_comes_before_the_wait_is_kept()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Nothing", _ => { })
            .AddOrchestratorFunc("WaitLate", async context =>
            {
                await context.WaitForExternalEvent<string>("go");
                await context.CallActivityAsync("Nothing");
                return await context.WaitForExternalEvent<string>("early");
            }));

        var id = await engine.RunAsync("WaitLate");
        await engine.Client.RaiseEventAsync(id, "early", "kept");
        await engine.IdleAsync();
        await engine.Client.RaiseEventAsync(id, "go", "now");

        Assert.Equal("kept", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_event_to_an_instance_that_has_not_started_is_kept_durabletask_720()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<int, List<int>>("Collect", CollectAsync));
        var options = new StartOrchestrationOptions("later", engine.Clock.GetUtcNow().AddHours(1));

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Collect", 2, options);
        await engine.Client.RaiseEventAsync("later", "number", 7);
        await engine.Client.RaiseEventAsync("later", "number", 8);
        await engine.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await engine.GetAsync("later")).RuntimeStatus);
        await engine.FireNextTimerAsync();

        Assert.Equal([7, 8], (await engine.EndAsync("later")).ReadOutputAs<List<int>>());
    }

    [Fact]
    public async Task Events_while_suspended_are_kept_in_order()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<int, List<int>>("Collect", CollectAsync));

        var id = await engine.RunAsync("Collect", 3);
        await engine.Client.RaiseEventAsync(id, "number", 1);
        await engine.Client.SuspendInstanceAsync(id);
        await engine.Client.RaiseEventAsync(id, "number", 2);
        await engine.Client.RaiseEventAsync(id, "number", 3);
        await engine.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await engine.GetAsync(id)).RuntimeStatus);
        await engine.Client.ResumeInstanceAsync(id);

        Assert.Equal([1, 2, 3], (await engine.EndAsync(id)).ReadOutputAs<List<int>>());
    }

    [Fact]
    public async Task A_cancelled_wait_swallows_nothing_durabletask_dotnet_508()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Cancel", async context =>
        {
            using var cancellation = new CancellationTokenSource();
            var abandoned = context.WaitForExternalEvent<string>("answer", cancellation.Token);
            await context.WaitForExternalEvent<string>("go");
            cancellation.Cancel();
            return $"{abandoned.Status} {await context.WaitForExternalEvent<string>("answer")}";
        }));

        var id = await engine.RunAsync("Cancel");
        await engine.Client.RaiseEventAsync(id, "go", "now");
        await engine.IdleAsync();
        await engine.Client.RaiseEventAsync(id, "answer", "heard");

        Assert.Equal("Canceled heard", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_wait_whose_time_is_up_swallows_nothing()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("TimeOut", async context =>
        {
            try
            {
                await context.WaitForExternalEvent<string>("answer", TimeSpan.FromMinutes(5));
            }
            catch (OperationCanceledException)
            {
                return "late: " + await context.WaitForExternalEvent<string>("answer");
            }
            return "in time";
        }));

        var id = await engine.RunAsync("TimeOut");
        await engine.FireNextTimerAsync();
        await engine.Client.RaiseEventAsync(id, "answer", "heard");

        Assert.Equal("late: heard", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_answer_in_time_cancels_the_timer_of_its_wait()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("InTime", context =>
            context.WaitForExternalEvent<string>("answer", TimeSpan.FromDays(5))));

        var id = await engine.RunAsync("InTime");
        await engine.IdleAsync();
        await engine.Client.RaiseEventAsync(id, "answer", "yes");

        Assert.Equal("yes", (await engine.EndAsync(id)).ReadOutputAs<string>());
        Assert.Null(engine.Monitor.NextTimer);
    }

    [Fact]
    public async Task Of_several_waits_for_one_name_the_latest_gets_the_first_event()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Two", async context =>
        {
            var first = context.WaitForExternalEvent<int>("n");
            var second = context.WaitForExternalEvent<int>("n");
            return $"{await first} {await second}";
        }));

        var id = await engine.RunAsync("Two");
        await engine.Client.RaiseEventAsync(id, "n", 1);
        await engine.Client.RaiseEventAsync(id, "n", 2);

        Assert.Equal("2 1", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_event_of_another_shape_fails_the_wait_and_not_the_engine()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<int, List<int>>("Collect", CollectAsync));

        var id = await engine.RunAsync("Collect", 1);
        await engine.Client.RaiseEventAsync(id, "number", "not a number");

        Assert.Equal("System.Text.Json.JsonException", (await engine.EndAsync(id)).FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task An_event_to_nobody_is_no_error()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("End", context => "ended"));
        var ended = await engine.RunToEndAsync("End");

        await engine.Client.RaiseEventAsync("nobody", "number", 1);
        await engine.Client.RaiseEventAsync(ended.InstanceId, "number", 1);

        Assert.Null(await engine.Client.GetInstanceAsync("nobody"));
    }

    [Fact]
    public async Task One_instance_sends_to_another()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, List<int>>("Collect", CollectAsync)
            .AddOrchestratorFunc<string>("Send", (context, to) =>
            {
                context.SendEvent(to, "number", 1);
                context.SendEvent(to, "Number", 2);
            }));

        var receiver = await engine.RunAsync("Collect", 2);
        await engine.RunToEndAsync("Send", receiver);

        Assert.Equal([1, 2], (await engine.EndAsync(receiver)).ReadOutputAs<List<int>>());
    }

    private static async Task<List<int>> CollectAsync(TaskOrchestrationContext context, int count)
    {
        var numbers = new List<int>();
        while (numbers.Count < count)
            numbers.Add(await context.WaitForExternalEvent<int>("number"));
        return numbers;
    }

    public sealed class Warm() : ExternalEventTests(false);

    public sealed class Replayed() : ExternalEventTests(true);
}
