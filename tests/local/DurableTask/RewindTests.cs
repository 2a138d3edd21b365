using System.Collections.Concurrent;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class RewindTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    private readonly ConcurrentDictionary<string, int> runs = new();
    private readonly ConcurrentDictionary<string, bool> broken = new();

    [Fact]
    public async Task A_failed_activity_runs_again_and_what_had_completed_does_not()
    {
        await using var engine = await StartAsync(AddTasks);
        broken["b"] = true;
        await FailAsync(engine, "Sequence", "one");

        broken["b"] = false;
        await engine.Client.RewindInstanceAsync("one", "mended");

        Assert.Equal("a+b+c", (await engine.EndAsync("one")).ReadOutputAs<string>());
        Assert.Equal((1, 2, 1), (runs["a"], runs["b"], runs["c"]));
        var history = await engine.Client.GetOrchestrationHistoryAsync("one");
        Assert.Equal("mended", history.OfType<ExecutionRewoundEvent>().Single().Reason);
        Assert.Empty(history.OfType<TaskFailedEvent>());
        Assert.Single(history.OfType<ExecutionCompletedEvent>());
        Assert.Equal([0, 1, 2], history.OfType<TaskCompletedEvent>().Select(done => done.TaskScheduledId));
        engine.AssertNothingIsLeftOrDoubled();
    }

    [Fact]
    public async Task Two_failed_siblings_run_again_and_the_third_keeps_its_result_durabletask_js_299()
    {
        await using var engine = await StartAsync(AddTasks);
        (broken["a"], broken["c"]) = (true, true);
        await FailAsync(engine, "Parallel", "one");

        broken.Clear();
        await engine.Client.RewindInstanceAsync("one", "");

        Assert.Equal("a+b+c", (await engine.EndAsync("one")).ReadOutputAs<string>());
        Assert.Equal((2, 1, 2), (runs["a"], runs["b"], runs["c"]));
        engine.AssertNothingIsLeftOrDoubled();
    }

    [Fact]
    public async Task It_works_as_often_as_it_fails()
    {
        await using var engine = await StartAsync(AddTasks);
        (broken["a"], broken["b"], broken["c"]) = (true, true, true);
        await FailAsync(engine, "Parallel", "one");

        foreach (var mended in new[] { "a", "b", "c" })
        {
            broken[mended] = false;
            await engine.Client.RewindInstanceAsync("one", mended);
            await engine.EndAsync("one");
        }

        Assert.Equal("a+b+c", (await engine.EndAsync("one")).ReadOutputAs<string>());
        Assert.Equal((2, 3, 4), (runs["a"], runs["b"], runs["c"]));
        Assert.Equal(["a", "b", "c"], (await engine.Client.GetOrchestrationHistoryAsync("one")).OfType<ExecutionRewoundEvent>().Select(back => back.Reason!));
        engine.AssertNothingIsLeftOrDoubled();
    }

    [Fact]
    public async Task Failed_sub_orchestrations_go_back_too_down_to_the_last()
    {
        await using var engine = await StartAsync(AddTasks);
        (broken["x2"], broken["y1"]) = (true, true);
        await FailAsync(engine, "Grandparent", "g");

        broken.Clear();
        await engine.Client.RewindInstanceAsync("g", "again");

        Assert.Equal("x1+x2/y1+y2/z1+z2", (await engine.EndAsync("g")).ReadOutputAs<string>());
        Assert.Equal((1, 2, 2, 1, 1), (runs["x1"], runs["x2"], runs["y1"], runs["z1"], runs["z2"]));
        foreach (var id in new[] { "g", "g:x", "g:x:leaf", "g:y", "g:y:leaf" })
            Assert.Single((await engine.Client.GetOrchestrationHistoryAsync(id)).OfType<ExecutionRewoundEvent>());
        Assert.Empty((await engine.Client.GetOrchestrationHistoryAsync("g:z")).OfType<ExecutionRewoundEvent>());
        engine.AssertNothingIsLeftOrDoubled();
    }

    [Fact]
    public async Task A_child_that_was_rewound_by_itself_reaches_the_parent_when_that_is_rewound()
    {
        await using var engine = await StartAsync(AddTasks);
        broken["x1"] = true;
        await FailAsync(engine, "Grandparent", "g");
        broken.Clear();
        await engine.Client.RewindInstanceAsync("g:x", "child first");
        await engine.EndAsync("g:x");

        await engine.Client.RewindInstanceAsync("g", "now the parent");

        Assert.Equal("x1+x2/y1+y2/z1+z2", (await engine.EndAsync("g")).ReadOutputAs<string>());
        Assert.Equal(2, runs["x1"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_that_was_terminated_or_purged_starts_anew(bool purged)
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Child", context => context.WaitForExternalEvent<string>("answer"))
            .AddOrchestratorFunc("Parent", context => context.CallSubOrchestratorAsync<string>("Child", new SubOrchestrationOptions(instanceId: "child"))));
        await engine.RunAsync("Parent", id: "parent");
        await engine.IdleAsync();
        await engine.Client.TerminateInstanceAsync("child");
        await engine.EndAsync("parent");
        if (purged)
            await engine.Client.PurgeInstanceAsync("child");

        await engine.Client.RewindInstanceAsync("parent", "");
        await engine.IdleAsync();
        await engine.Client.RaiseEventAsync("child", "answer", "yes");

        Assert.Equal("yes", (await engine.EndAsync("parent")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_failure_of_the_orchestrator_s_own_code_goes_on_when_the_code_is_mended()
    {
        void Tasks(DurableTaskRegistry tasks, bool mended) => tasks
            .AddActivityFunc<string, string>("Work", Work)
            .AddOrchestratorFunc("Own", async context =>
            {
                var a = await context.CallActivityAsync<string>("Work", "a");
                if (!mended)
                    throw new InvalidOperationException("not written yet");
                return a + await context.CallActivityAsync<string>("Work", "b");
            });
        await using var engine = await StartAsync(tasks => Tasks(tasks, mended: false));
        await FailAsync(engine, "Own", "one");

        await engine.Client.RewindInstanceAsync("one", "same code");
        Assert.Equal("not written yet", (await engine.EndAsync("one")).FailureDetails!.ErrorMessage);
        await engine.StopAsync();
        await engine.StartAsync(tasks => Tasks(tasks, mended: true));
        await engine.Client.RewindInstanceAsync("one", "other code");

        Assert.Equal("ab", (await engine.EndAsync("one")).ReadOutputAs<string>());
        Assert.Equal(1, runs["a"]);
        Assert.Equal(2, (await engine.Client.GetOrchestrationHistoryAsync("one")).OfType<ExecutionRewoundEvent>().Count());
    }

    [Fact]
    public async Task The_history_has_a_repeated_call_as_the_mended_code_makes_it()
    {
        void Tasks(DurableTaskRegistry tasks, string input) => tasks
            .AddActivityFunc<string, string>("Work", Work)
            .AddOrchestratorFunc("One", context => context.CallActivityAsync<string>("Work", input));
        broken["wrong"] = true;
        await using var engine = await StartAsync(tasks => Tasks(tasks, "wrong"));
        await FailAsync(engine, "One", "one");

        await engine.StopAsync();
        await engine.StartAsync(tasks => Tasks(tasks, "right"));
        await engine.Client.RewindInstanceAsync("one", "mended");

        Assert.Equal("right", (await engine.EndAsync("one")).ReadOutputAs<string>());
        var history = await engine.Client.GetOrchestrationHistoryAsync("one");
        Assert.Equal("\"right\"", history.OfType<TaskScheduledEvent>().Single().Input);
    }

    [Fact]
    public async Task A_history_with_a_rewind_replays_after_a_crash()
    {
        await using var engine = await StartAsync(tasks => AddTasks(tasks.AddOrchestratorFunc("Long", async context =>
        {
            var done = await Task.WhenAll(new[] { "a", "b" }.Select(name => context.CallActivityAsync<string>("Work", name)));
            await context.WaitForExternalEvent<int>("go");
            return string.Join('+', done) + await context.CallActivityAsync<string>("Work", "c");
        })));
        broken["a"] = true;
        await FailAsync(engine, "Long", "one");
        broken.Clear();
        await engine.Client.RewindInstanceAsync("one", "");
        await engine.IdleAsync();

        await engine.CrashAndRestartAsync();
        await engine.Client.RaiseEventAsync("one", "go", 1);

        Assert.Equal("a+bc", (await engine.EndAsync("one")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_retried_activity_gets_one_more_attempt()
    {
        await using var engine = await StartAsync(tasks => AddTasks(tasks.AddOrchestratorFunc("Retry", context =>
            context.CallActivityAsync<string>("Work", "a", TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMinutes(1)))))));
        broken["a"] = true;
        await engine.RunAsync("Retry", id: "one");
        await engine.FireNextTimerAsync();
        await engine.FireNextTimerAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.EndAsync("one")).RuntimeStatus);

        await engine.Client.RewindInstanceAsync("one", "still broken");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.EndAsync("one")).RuntimeStatus);
        broken.Clear();
        await engine.Client.RewindInstanceAsync("one", "mended");

        Assert.Equal("a", (await engine.EndAsync("one")).ReadOutputAs<string>());
        Assert.Equal(5, runs["a"]);
        engine.AssertNothingIsLeftOrDoubled();
    }

    [Fact]
    public async Task Of_many_retried_siblings_each_that_failed_to_the_end_gets_one_more_attempt()
    {
        var names = Enumerable.Range(0, 200).Select(n => $"n{n}").ToList();
        var twice = TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromMinutes(1)));
        await using var engine = await StartAsync(tasks => AddTasks(tasks.AddOrchestratorFunc("Many", async context =>
            (await Task.WhenAll(names.Select(name => context.CallActivityAsync<string>("Work", name, twice)))).Length)));
        names.ForEach(name => broken[name] = true);
        await engine.RunAsync("Many", id: "one");
        await engine.IdleAsync();
        names.Take(100).ToList().ForEach(name => broken[name] = false);
        await engine.FireNextTimerAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.EndAsync("one")).RuntimeStatus);

        broken.Clear();
        await engine.Client.RewindInstanceAsync("one", "");

        Assert.Equal(200, (await engine.EndAsync("one")).ReadOutputAs<int>());
        Assert.Equal(100 * 2 + 100 * 3, names.Sum(name => runs[name]));
        engine.AssertNothingIsLeftOrDoubled();
    }

    [Fact]
    public async Task A_failure_that_the_orchestrator_dealt_with_stays()
    {
        await using var engine = await StartAsync(tasks => AddTasks(tasks.AddOrchestratorFunc("Fallback", async context =>
        {
            string first;
            try
            {
                first = await context.CallActivityAsync<string>("Work", "a");
            }
            catch (TaskFailedException)
            {
                first = await context.CallActivityAsync<string>("Work", "instead");
            }
            return first + await context.CallActivityAsync<string>("Work", "b");
        })));
        (broken["a"], broken["b"]) = (true, true);
        await FailAsync(engine, "Fallback", "one");

        broken.Clear();
        await engine.Client.RewindInstanceAsync("one", "");

        Assert.Equal("insteadb", (await engine.EndAsync("one")).ReadOutputAs<string>());
        Assert.Equal((1, 1, 2), (runs["a"], runs["instead"], runs["b"]));
    }

    [Fact]
    public async Task One_that_was_failed_in_the_middle_gets_its_open_calls_and_timers_back()
    {
        await using var engine = await StartAsync(tasks => AddTasks(tasks.AddOrchestratorFunc("Open", async context =>
        {
            var timer = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            var child = context.CallSubOrchestratorAsync<string>("Pair", "x", new SubOrchestrationOptions(instanceId: "child"));
            if (await context.WaitForExternalEvent<string>("which") == "bad" && !broken.ContainsKey("mended"))
                await Task.Run(() => 1);
            await timer;
            return await child;
        })));
        await engine.RunAsync("Open", id: "one");
        await engine.IdleAsync();
        await engine.Client.RaiseEventAsync("one", "which", "bad");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.EndAsync("one")).RuntimeStatus);
        await engine.IdleAsync();

        broken["mended"] = true;
        await engine.Client.RewindInstanceAsync("one", "");
        await engine.FireNextTimerAsync();

        Assert.Equal("x1+x2", (await engine.EndAsync("one")).ReadOutputAs<string>());
        engine.AssertNothingIsLeftOrDoubled();
    }

    [Fact]
    public async Task An_unknown_orchestrator_can_be_added_and_goes_on()
    {
        await using var engine = await StartAsync(_ => { });
        await FailAsync(engine, "Sequence", "one");
        await engine.StopAsync();
        await engine.StartAsync(AddTasks);

        await engine.Client.RewindInstanceAsync("one", "");

        Assert.Equal("a+b+c", (await engine.EndAsync("one")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_rewind_at_the_very_moment_of_the_failure_is_not_lost()
    {
        await using var engine = await StartAsync(AddTasks);
        broken["a"] = true;
        await engine.RunAsync("Parallel", id: "one");
        await engine.EndAsync("one");

        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var round = 0; round < 200; round++)
        {
            // Not waiting for the end: so the rewind often goes to the disk together with the failure.
            while (!await TryRewindAsync(engine, "one"))
                Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"It hangs in round {round}.");
        }
        await engine.EndAsync("one");

        Assert.Equal((201, 1), (runs["a"], runs["b"]));
    }

    [Fact]
    public async Task What_was_undone_after_a_failure_stays_undone_and_the_run_fails_again()
    {
        await using var engine = await StartAsync(tasks => AddTasks(tasks.AddOrchestratorFunc("Saga", async context =>
        {
            await context.CallActivityAsync<string>("Work", "step");
            try
            {
                await context.CallActivityAsync<string>("Work", "a");
            }
            catch (TaskFailedException)
            {
                await context.CallActivityAsync<string>("Work", "undo");
                throw;
            }
        })));
        broken["a"] = true;
        await FailAsync(engine, "Saga", "one");

        broken.Clear();
        await engine.Client.RewindInstanceAsync("one", "");
        var run = await engine.EndAsync("one");

        Assert.Equal((OrchestrationRuntimeStatus.Failed, "a is broken"), (run.RuntimeStatus, run.FailureDetails!.InnerFailure!.ErrorMessage));
        Assert.Equal((1, 1, 1), (runs["step"], runs["a"], runs["undo"]));
    }

    [Fact]
    public async Task It_goes_back_within_the_execution_that_failed()
    {
        await using var engine = await StartAsync(tasks => AddTasks(tasks.AddOrchestratorFunc<int, string>("Again", async (context, n) =>
        {
            var done = await context.CallActivityAsync<string>("Work", $"first{n}") + await context.CallActivityAsync<string>("Work", $"second{n}");
            if (n < 2)
                context.ContinueAsNew(n + 1);
            return done;
        })));
        broken["second2"] = true;
        await engine.RunAsync("Again", 1, "one");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.EndAsync("one")).RuntimeStatus);

        broken.Clear();
        await engine.Client.RewindInstanceAsync("one", "");

        Assert.Equal("first2second2", (await engine.EndAsync("one")).ReadOutputAs<string>());
        Assert.Equal((1, 1, 1, 2), (runs["first1"], runs["second1"], runs["first2"], runs["second2"]));
    }

    [Fact]
    public async Task One_that_was_refused_for_its_version_starts_when_its_worker_is_there()
    {
        var versioning = new DurableTaskWorkerOptions.VersioningOptions
        {
            Version = "1.0",
            MatchStrategy = DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder,
            FailureStrategy = DurableTaskWorkerOptions.VersionFailureStrategy.Fail,
        };
        await using var engine = await StartAsync(AddTasks, options => options.Versioning = versioning);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Sequence", new StartOrchestrationOptions("one") { Version = "2.0" });
        Assert.Equal("VersionMismatch", (await engine.EndAsync("one")).FailureDetails!.ErrorType);

        versioning.Version = "2.0";
        await engine.Client.RewindInstanceAsync("one", "");

        Assert.Equal("a+b+c", (await engine.EndAsync("one")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Only_a_failed_instance_can_be_rewound()
    {
        await using var engine = await StartAsync(tasks => AddTasks(tasks.AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<int>("go"))));
        await engine.EndAsync(await engine.RunAsync("Sequence", id: "done"));
        await engine.RunAsync("Wait", id: "runs");
        await engine.IdleAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Client.RewindInstanceAsync("done", ""));
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Client.RewindInstanceAsync("runs", ""));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.RewindInstanceAsync("nobody", ""));
    }

    private void AddTasks(DurableTaskRegistry tasks) => tasks
        .AddActivityFunc<string, string>("Work", Work)
        .AddOrchestratorFunc("Sequence", async context =>
        {
            var done = new List<string>();
            foreach (var name in new[] { "a", "b", "c" })
                done.Add(await context.CallActivityAsync<string>("Work", name));
            return string.Join('+', done);
        })
        .AddOrchestratorFunc("Parallel", async context =>
            string.Join('+', await Task.WhenAll(new[] { "a", "b", "c" }.Select(name => context.CallActivityAsync<string>("Work", name)))))
        .AddOrchestratorFunc<string, string>("Pair", async (context, name) =>
            await context.CallActivityAsync<string>("Work", name + "1") + "+" + await context.CallActivityAsync<string>("Work", name + "2"))
        .AddOrchestratorFunc<string, string>("Parent", (context, name) =>
            context.CallSubOrchestratorAsync<string>("Pair", name, new SubOrchestrationOptions(instanceId: context.InstanceId + ":leaf")))
        .AddOrchestratorFunc("Grandparent", async context => string.Join('/', await Task.WhenAll(new[] { "x", "y", "z" }.Select(name =>
            context.CallSubOrchestratorAsync<string>("Parent", name, new SubOrchestrationOptions(instanceId: $"{context.InstanceId}:{name}"))))));

    private string Work(TaskActivityContext context, string name)
    {
        runs.AddOrUpdate(name, 1, (_, before) => before + 1);
        return broken.GetValueOrDefault(name) ? throw new InvalidOperationException($"{name} is broken") : name;
    }

    /// <returns>False while it has not failed yet.</returns>
    private static async Task<bool> TryRewindAsync(TestEngine engine, string id)
    {
        try
        {
            await engine.Client.RewindInstanceAsync(id, "").WaitAsync(TimeSpan.FromSeconds(10));
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task FailAsync(TestEngine engine, string orchestrator, string id)
    {
        await engine.RunAsync(orchestrator, id: id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.EndAsync(id)).RuntimeStatus);
        await engine.IdleAsync();
    }

    public sealed class Warm() : RewindTests(false);

    public sealed class Replayed() : RewindTests(true);
}
