using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Local.DurableTask.Tests;

/// <summary>
/// Code that was changed under a running instance. What the real engine finds is found here, and some more: order, calls that
/// are missing or come on top, ids that the orchestrator chose.
/// </summary>
public abstract class DivergenceTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    public delegate Task Code(TaskOrchestrationContext context);

    public static TheoryData<string, Code, Code, string, string> Divergences => new()
    {
        { "another activity", c => c.CallActivityAsync("A"), c => c.CallActivityAsync("B"), "TaskScheduled (activity 'A', #0)", "TaskScheduled (activity 'B', #0)" },
        { "another kind", c => c.CallActivityAsync("A"), c => c.CallSubOrchestratorAsync("A"), "TaskScheduled (activity 'A', #0)", "SubOrchestrationCreated (orchestrator 'A', #0" },
        { "a timer for an activity", c => c.CallActivityAsync("A"), c => Timer(c, 1), "TaskScheduled (activity 'A', #0)", "TimerCreated (#0)" },
        { "another order", c => Both(c, "A", "B"), c => Both(c, "B", "A"), "TaskScheduled (activity 'A', #0)", "TaskScheduled (activity 'B', #0)" },
        { "another order of kinds", c => Task.WhenAll(Open(Timer(c, 1)), c.CallActivityAsync("A")), c => Task.WhenAll(c.CallActivityAsync("A"), Open(Timer(c, 1))), "TimerCreated (#0)", "TaskScheduled (activity 'A', #0)" },
        { "a call too few", c => Both(c, "A", "B"), c => c.CallActivityAsync("A"), "TaskScheduled (activity 'B', #1)", "made no such call" },
        { "no call", c => c.CallActivityAsync("A"), _ => Task.CompletedTask, "TaskScheduled (activity 'A', #0)", "made no such call" },
        { "a call too many", c => c.CallActivityAsync("A"), c => Both(c, "A", "B"), "TaskScheduled (activity 'B', #1)", "does not have in turn 1" },
        { "a call where there was none", _ => Task.CompletedTask, c => c.CallActivityAsync("A"), "TaskScheduled (activity 'A', #0)", "does not have in turn 1" },
        { "a step put in between", c => Chain(c, "A", "B"), c => Chain(c, "A", "C", "B"), "TaskScheduled (activity 'B', #1)", "TaskScheduled (activity 'C', #1)" },
        { "a step taken out", c => Chain(c, "A", "C", "B"), c => Chain(c, "A", "B"), "TaskScheduled (activity 'C', #1)", "TaskScheduled (activity 'B', #1)" },
        { "a chain made parallel", c => Chain(c, "A", "B"), c => Both(c, "A", "B"), "TaskScheduled (activity 'B', #1)", "does not have in turn 1" },
        { "another sub-orchestration", c => c.CallSubOrchestratorAsync("Child"), c => c.CallSubOrchestratorAsync("Other"), "orchestrator 'Child', #0", "orchestrator 'Other', #0" },
        { "another id of a sub-orchestration", c => Child(c, "one"), c => Child(c, "two"), "'one'", "'two'" },
        { "another event sent", c => Send(c, "one", "x"), c => Send(c, "one", "y"), "EventSent ('x' to 'one', #0)", "EventSent ('y' to 'one', #0)" },
        { "another receiver", c => Send(c, "one", "x"), c => Send(c, "two", "x"), "EventSent ('x' to 'one', #0)", "EventSent ('x' to 'two', #0)" },
        { "a timer cancelled that fired", c => Timer(c, 0), CancelledTimer, "TimerFired (#0)", "no such task open" },
        { "a failure where there was none", c => c.CallActivityAsync("A"), _ => throw new FormatException("changed its mind"), "TaskScheduled (activity 'A', #0)", "FormatException: changed its mind" },
    };

    [Theory]
    [MemberData(nameof(Divergences))]
    public async Task It_fails_the_instance_and_names_the_event_what_was_expected_and_what_came(string what, Code before, Code after, string expected, string came)
    {
        var calls = new List<string>();
        await using var engine = await StartAsync(Tasks(before, calls));
        var id = await engine.RunAsync("Changed");
        await engine.FireNextTimerIfAnyAsync();
        var made = calls.Count;

        await engine.CrashAndRestartAsync(Tasks(after, calls));
        await engine.Client.RaiseEventAsync(id, "go", "now");
        var run = await engine.EndAsync(id);
        await engine.IdleAsync();

        Assert.True(run.RuntimeStatus == OrchestrationRuntimeStatus.Failed, what);
        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", run.FailureDetails!.ErrorType);
        Assert.Contains(expected, run.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(came, run.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("'Changed'", run.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(made, calls.Count);
    }

    [Fact]
    public async Task An_orchestrator_that_ends_before_its_history_does_fails()
    {
        await using var engine = await StartAsync(Tasks(context => context.WaitForExternalEvent<string>("first"), []));
        var id = await engine.RunAsync("Changed");
        await engine.Client.RaiseEventAsync(id, "first", "1");
        await engine.IdleAsync();

        await engine.CrashAndRestartAsync(tasks => tasks.AddOrchestratorFunc("Changed", _ => "done"));
        await engine.Client.RaiseEventAsync(id, "go", "now");

        Assert.Contains("ended in turn 1, after which its history goes on", (await engine.EndAsync(id)).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orchestrator_that_is_there_no_more_is_said_to_be_missing()
    {
        await using var engine = await StartAsync(Tasks(context => context.CallActivityAsync("A"), []));
        var id = await engine.RunAsync("Changed");
        await engine.IdleAsync();

        await engine.CrashAndRestartAsync(_ => { });
        await engine.Client.RaiseEventAsync(id, "go", "now");

        Assert.Equal("OrchestratorTaskNotFound", (await engine.EndAsync(id)).FailureDetails!.ErrorType);
    }

    public static TheoryData<string, Code, Code> Harmless => new()
    {
        { "another input", c => c.CallActivityAsync("A", 1), c => c.CallActivityAsync("A", 2) },
        { "another time of a timer", c => Timer(c, 0), c => Timer(c, 0.5) },
        { "another case of a name", c => c.CallActivityAsync("A"), c => c.CallActivityAsync("a") },
        { "another retry policy", c => c.CallActivityAsync("A"), c => c.CallActivityAsync("A", new TaskOptions(new RetryPolicy(3, TimeSpan.FromSeconds(1)))) },
        { "another version of a sub-orchestration", c => c.CallSubOrchestratorAsync("Child"), c => c.CallSubOrchestratorAsync("Child", new SubOrchestrationOptions { Version = "2.0" }) },
        { "an id that nobody uses", c => c.CallActivityAsync("A"), c => { c.NewGuid(); return c.CallActivityAsync("A"); } },
        { "a line logged more", c => c.CallActivityAsync("A"), c => { c.CreateReplaySafeLogger("x").LogInformation("more"); return c.CallActivityAsync("A"); } },
    };

    [Theory]
    [MemberData(nameof(Harmless))]
    public async Task What_the_real_engine_does_not_compare_is_none(string what, Code before, Code after)
    {
        await using var engine = await StartAsync(Tasks(before, []));
        var id = await engine.RunAsync("Changed");
        await engine.FireNextTimerIfAnyAsync();

        await engine.CrashAndRestartAsync(Tasks(after, []));
        await engine.Client.RaiseEventAsync(id, "go", "now");

        Assert.True((await engine.EndAsync(id)).RuntimeStatus == OrchestrationRuntimeStatus.Completed, what);
    }

    private static Action<DurableTaskRegistry> Tasks(Code first, List<string> calls)
    {
        return tasks => tasks
            .AddActivityFunc("A", _ => Note("A"))
            .AddActivityFunc("B", _ => Note("B"))
            .AddActivityFunc("C", _ => Note("C"))
            .AddOrchestratorFunc("A", _ => "a")
            .AddOrchestratorFunc("Child", _ => "child")
            .AddOrchestratorFunc("Other", _ => "other")
            .AddOrchestratorFunc("Changed", async context =>
            {
                await first(context);
                return await context.WaitForExternalEvent<string>("go");
            });

        void Note(string name)
        {
            lock (calls)
                calls.Add(name);
        }
    }

    private static Task Both(TaskOrchestrationContext context, string first, string second) =>
        Task.WhenAll(context.CallActivityAsync(first), context.CallActivityAsync(second));

    private static async Task Chain(TaskOrchestrationContext context, params string[] activities)
    {
        foreach (var activity in activities)
            await context.CallActivityAsync(activity);
    }

    private static Task Timer(TaskOrchestrationContext context, double days) => context.CreateTimer(TimeSpan.FromDays(days), CancellationToken.None);

    /// <summary>Begun, and not waited for.</summary>
    private static Task Open(Task begun) => begun.IsFaulted ? begun : Task.CompletedTask;

    private static Task Child(TaskOrchestrationContext context, string id) => context.CallSubOrchestratorAsync("Child", new SubOrchestrationOptions(instanceId: id));

    private static Task Send(TaskOrchestrationContext context, string receiver, string name)
    {
        context.SendEvent(receiver, name, 1);
        return Task.CompletedTask;
    }

    private static async Task CancelledTimer(TaskOrchestrationContext context)
    {
        using var source = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.Zero, source.Token);
#pragma warning disable CA1849 // An asynchronous cancellation would leave the orchestrator's thread.
        source.Cancel();
#pragma warning restore CA1849
        await Task.WhenAny(timer);
    }

    public sealed class Warm() : DivergenceTests(false);

    public sealed class Replayed() : DivergenceTests(true);
}
