using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class HistoryTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    [Fact]
    public async Task It_shows_each_turn_between_its_beginning_and_its_end()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc<string, string>("Greet", (_, name) => $"Hello {name}")
            .AddOrchestratorFunc<string, string>("Hello", (context, name) => context.CallActivityAsync<string>("Greet", name)));
        var options = new StartOrchestrationOptions("h") { Version = "1.2", Tags = new Dictionary<string, string> { ["team"] = "shop" } };
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Hello", "you", options);
        await engine.EndAsync("h");

        var history = await engine.Client.GetOrchestrationHistoryAsync("h");

        EventType[] expected =
        [
            EventType.OrchestratorStarted, EventType.ExecutionStarted, EventType.TaskScheduled, EventType.OrchestratorCompleted,
            EventType.OrchestratorStarted, EventType.TaskCompleted, EventType.ExecutionCompleted, EventType.OrchestratorCompleted,
        ];
        Assert.Equal(expected, history.Select(shown => shown.EventType));
        var started = history.OfType<ExecutionStartedEvent>().Single();
        Assert.Equal(("Hello", "1.2", "\"you\"", "h"), (started.Name, started.Version, started.Input, started.OrchestrationInstance!.InstanceId));
        Assert.Equal("shop", started.Tags!["team"]);
        Assert.Null(started.ParentInstance);
        var scheduled = history.OfType<TaskScheduledEvent>().Single();
        Assert.Equal((0, "Greet", "1.2", "\"you\""), (scheduled.EventId, scheduled.Name, scheduled.Version, scheduled.Input));
        var completed = history.OfType<TaskCompletedEvent>().Single();
        Assert.Equal((0, "\"Hello you\""), (completed.TaskScheduledId, completed.Result));
        var end = history.OfType<ExecutionCompletedEvent>().Single();
        Assert.Equal((1, OrchestrationStatus.Completed, "\"Hello you\""), (end.EventId, end.OrchestrationStatus, end.Result));
        Assert.All(history, shown => Assert.Equal(engine.Clock.GetUtcNow().UtcDateTime, shown.Timestamp));
    }

    [Fact]
    public async Task Failures_are_shown_with_their_causes()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Break", _ => throw new InvalidOperationException("broken", new TimeoutException("slow")))
            .AddOrchestratorFunc("Pass", context => context.CallActivityAsync("Break"))
            .AddOrchestratorFunc("Parent", context => context.CallSubOrchestratorAsync("Pass", new SubOrchestrationOptions(instanceId: "child"))));
        var id = await engine.RunAsync("Parent", id: "parent");
        await engine.EndAsync(id);

        var child = await engine.Client.GetOrchestrationHistoryAsync("child");
        var parent = await engine.Client.GetOrchestrationHistoryAsync("parent");

        var failure = child.OfType<TaskFailedEvent>().Single().FailureDetails!;
        Assert.True(failure.IsCausedBy<InvalidOperationException>());
        Assert.Equal(("broken", "slow"), (failure.ErrorMessage, failure.InnerFailure!.ErrorMessage));
        Assert.Equal(OrchestrationStatus.Failed, child.OfType<ExecutionCompletedEvent>().Single().OrchestrationStatus);
        var link = child.OfType<ExecutionStartedEvent>().Single().ParentInstance!;
        var started = parent.OfType<ExecutionStartedEvent>().Single().OrchestrationInstance!;
        Assert.Equal(("Parent", 0, "parent", started.ExecutionId), (link.Name, link.TaskScheduleId, link.OrchestrationInstance!.InstanceId, link.OrchestrationInstance.ExecutionId));
        Assert.Equal("child", parent.OfType<SubOrchestrationInstanceCreatedEvent>().Single().InstanceId);
        Assert.Equal("broken", parent.OfType<SubOrchestrationInstanceFailedEvent>().Single().FailureDetails!.InnerFailure!.ErrorMessage);
    }

    [Fact]
    public async Task Timers_events_and_pauses_are_shown()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Sleep", async context =>
            {
                context.SendEvent("nobody", "ping", 1);
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                await context.WaitForExternalEvent<int>("go");
            }));
        var fireAt = engine.Clock.GetUtcNow().UtcDateTime.AddHours(1);
        var id = await engine.RunAsync("Sleep");
        await engine.FireNextTimerAsync();
        await engine.Client.SuspendInstanceAsync(id, "lunch");
        await engine.Client.ResumeInstanceAsync(id, "back");
        await engine.Client.RaiseEventAsync(id, "go", 7);
        await engine.EndAsync(id);

        var history = await engine.Client.GetOrchestrationHistoryAsync(id);

        var sent = history.OfType<EventSentEvent>().Single();
        Assert.Equal((0, "nobody", "ping", "1"), (sent.EventId, sent.InstanceId, sent.Name, sent.Input));
        Assert.Equal((1, fireAt), (history.OfType<TimerCreatedEvent>().Single().EventId, history.OfType<TimerCreatedEvent>().Single().FireAt));
        Assert.Equal((1, fireAt), (history.OfType<TimerFiredEvent>().Single().TimerId, history.OfType<TimerFiredEvent>().Single().FireAt));
        Assert.Equal("lunch", history.OfType<ExecutionSuspendedEvent>().Single().Reason);
        Assert.Equal("back", history.OfType<ExecutionResumedEvent>().Single().Reason);
        Assert.Equal(("go", "7"), (history.OfType<EventRaisedEvent>().Single().Name, history.OfType<EventRaisedEvent>().Single().Input));
    }

    [Fact]
    public async Task A_scheduled_start_and_a_termination_are_shown()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<int>("never")));
        var startAt = engine.Clock.GetUtcNow().AddDays(1);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("later", startAt));
        await engine.FireNextTimerAsync();
        await engine.Client.TerminateInstanceAsync("later", "enough");
        await engine.EndAsync("later");

        var history = await engine.Client.GetOrchestrationHistoryAsync("later");

        Assert.Equal(startAt.UtcDateTime, history.OfType<ExecutionStartedEvent>().Single().ScheduledStartTime);
        Assert.Equal("\"enough\"", history.OfType<ExecutionTerminatedEvent>().Single().Input);
        Assert.Equal(OrchestrationStatus.Terminated, history.OfType<ExecutionCompletedEvent>().Single().OrchestrationStatus);
    }

    [Fact]
    public async Task A_missing_instance_is_an_argument_error()
    {
        await using var engine = await StartAsync(_ => { });

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.GetOrchestrationHistoryAsync("nobody"));

        Assert.StartsWith("An orchestration with the instanceId nobody was not found.", refused.Message, StringComparison.Ordinal);
    }

    public sealed class Warm() : HistoryTests(false);

    public sealed class Replayed() : HistoryTests(true);
}
