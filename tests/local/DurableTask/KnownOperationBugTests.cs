using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Tests;

/// <summary>The worst bugs that users of durable engines have reported, of stopping, purging, deploying and sharing; each test names where.</summary>
public abstract class KnownOperationBugTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    /// <summary>durabletask#1040: an item that ended the process each time was delivered for ever.</summary>
    [Theory]
    [InlineData("activity")]
    [InlineData("orchestrator")]
    public async Task What_ends_the_process_each_time_is_stopped_after_ten_deliveries_and_hurts_nobody_else(string culprit)
    {
        TestEngine? engine = null;
        var deaths = 0;
        var died = new SemaphoreSlim(0);
        engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Kill", async _ =>
            {
                Die();
                await Task.Yield();
            })
            .AddActivityFunc("Work", _ => "fine")
            .AddOrchestratorFunc<string, string>("Doomed", async (context, kind) =>
            {
                if (kind == "orchestrator")
                    Die();
                await context.CallActivityAsync("Kill");
                return "never";
            })
            .AddOrchestratorFunc("Fine", async context =>
            {
                await context.WaitForExternalEvent<string>("go");
                return await context.CallActivityAsync<string>("Work");
            }));
        await using var disposed = engine;
        var fine = await engine.RunAsync("Fine");
        await engine.IdleAsync();

        var doomed = await engine.RunAsync("Doomed", culprit);
        while (deaths < 10)
        {
            await died.WaitAsync(TimeSpan.FromSeconds(20));
            await engine.CrashAndRestartAsync();
        }
        await engine.Client.RaiseEventAsync(fine, "go", "now");

        Assert.Contains("begun 10 times", (await engine.EndAsync(doomed)).FailureDetails!.ToString() + (await engine.GetAsync(doomed)).FailureDetails!.InnerFailure, StringComparison.Ordinal);
        Assert.Equal("fine", (await engine.EndAsync(fine)).ReadOutputAs<string>());
        Assert.Equal(10, deaths);

        void Die()
        {
            deaths++;
            engine!.Engine.Parts.Commits.Abandon();
            died.Release();
        }
    }

    /// <summary>durable-extension#506: a termination did not stop activities. One second is all that it may take.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_termination_reaches_the_token_of_a_running_activity_within_a_second(bool inSubOrchestration)
    {
        var begun = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc<string?, string>("Long", async (_, _, cancellation) =>
            {
                await using var seen = cancellation.Register(cancelled.SetResult);
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, cancellation);
                return "never";
            })
            .AddOrchestratorFunc("Call", context => context.CallActivityAsync<string>("Long"))
            .AddOrchestratorFunc("Parent", context => context.CallSubOrchestratorAsync<string>("Call")));
        var id = await engine.RunAsync(inSubOrchestration ? "Parent" : "Call");
        await begun.Task;

        await engine.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions(Recursive: true));

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(1));
    }

    /// <summary>durable-extension#2211: purging many instances starved the app, and stopped in the middle removed nothing.</summary>
    [Fact]
    public async Task A_purge_of_many_goes_on_where_it_stopped_and_others_go_on_meanwhile()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Work", _ => "done")
            .AddOrchestratorFunc("Old", _ => "old")
            .AddOrchestratorFunc("Fresh", context => context.CallActivityAsync<string>("Work")));
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(n => engine.RunAsync("Old", id: $"old{n}")));
        await engine.IdleAsync();
        engine.Clock.Advance(TimeSpan.FromMinutes(1));
        var old = new PurgeInstancesFilter(CreatedTo: engine.Clock.GetUtcNow().AddSeconds(-1));

        // The time is up as soon as the first group is gone: each of its commits moves the clock.
        engine.Engine.Parts.Commits.Faults = _ =>
        {
            engine.Clock.Advance(TimeSpan.FromSeconds(1));
            return CommitFault.None;
        };
        var first = await engine.Client.PurgeAllInstancesAsync(old with { Timeout = TimeSpan.FromSeconds(1) });
        engine.KeepStoreRunning();
        var second = engine.Client.PurgeAllInstancesAsync(old);
        var fresh = await engine.RunToEndAsync("Fresh");

        Assert.False(first.IsComplete);
        Assert.InRange(first.PurgedInstanceCount, 1, 999);
        Assert.Equal("done", fresh.ReadOutputAs<string>());
        var rest = await second;
        Assert.Equal((1000, true), (first.PurgedInstanceCount + rest.PurgedInstanceCount, rest.IsComplete));
        Assert.Equal(1L, engine.Engine.Parts.Database.Read(sql => sql.Scalar("SELECT COUNT(*) FROM Instances")));
    }

    /// <summary>durable-extension#2696: a slot swap of the orchestrator itself broke the replay of what ran. With versions the old ones keep their code.</summary>
    [Fact]
    public async Task After_a_swap_of_the_code_a_version_that_runs_goes_on_as_it_began()
    {
        await using var engine = await StartAsync(Old);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Step", new StartOrchestrationOptions("old") { Version = "1.0" });
        await engine.IdleAsync();

        await engine.CrashAndRestartAsync(tasks =>
        {
            Old(tasks);
            tasks.AddOrchestratorFunc<string?, string>("Step", "2.0", async (context, _) =>
            {
                await context.CallActivityAsync("B");
                return "new " + await context.WaitForExternalEvent<string>("go");
            });
        });
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Step", new StartOrchestrationOptions("new") { Version = "2.0" });
        foreach (var id in new[] { "old", "new" })
            await engine.Client.RaiseEventAsync(id, "go", id);

        Assert.Equal("old old", (await engine.EndAsync("old")).ReadOutputAs<string>());
        Assert.Equal("new new", (await engine.EndAsync("new")).ReadOutputAs<string>());

        static void Old(DurableTaskRegistry tasks) => tasks
            .AddActivityFunc("A", _ => { })
            .AddActivityFunc("B", _ => { })
            .AddOrchestratorFunc<string?, string>("Step", "1.0", async (context, _) =>
            {
                await context.CallActivityAsync("A");
                return "old " + await context.WaitForExternalEvent<string>("go");
            });
    }

    /// <summary>durable-extension#2696: changed under the same version, it must say so and do nothing else.</summary>
    [Fact]
    public async Task After_a_swap_of_the_code_without_a_new_version_what_runs_fails_with_the_reason_and_calls_nothing()
    {
        var calls = new List<string>();
        await using var engine = await StartAsync(Tasks("A"));
        var id = await engine.RunAsync("Step");
        await engine.IdleAsync();

        await engine.CrashAndRestartAsync(Tasks("B"));
        await engine.Client.RaiseEventAsync(id, "go", "now");
        var run = await engine.EndAsync(id);
        await engine.IdleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, run.RuntimeStatus);
        Assert.Contains("the history has TaskScheduled (activity 'A', #0), but the orchestrator called TaskScheduled (activity 'B', #0)", run.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("version", run.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(["A"], calls);

        Action<DurableTaskRegistry> Tasks(string first) => tasks => tasks
            .AddActivityFunc("A", _ => calls.Add("A"))
            .AddActivityFunc("B", _ => calls.Add("B"))
            .AddOrchestratorFunc("Step", async context =>
            {
                await context.CallActivityAsync(first);
                await context.WaitForExternalEvent<string>("go");
                await context.CallActivityAsync(first);
            });
    }

    /// <summary>durable-extension#2696: two slots never work on one task hub. The second owner is refused, and the first is not disturbed.</summary>
    [Fact]
    public async Task A_second_engine_on_the_same_file_is_refused()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Run", _ => "ran"));

        await Assert.ThrowsAsync<StateFileInUseException>(() => StartAsync(_ => { }, options => options.StateFile = engine.StateFile));

        Assert.Equal("ran", (await engine.RunToEndAsync("Run")).ReadOutputAs<string>());
    }

    /// <summary>durabletask-mssql#315: an id that was used again inherited the sub-orchestrations of its predecessor.</summary>
    [Fact]
    public async Task A_reused_id_has_none_of_its_predecessor_s_sub_orchestrations()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Child", context => context.WaitForExternalEvent<string>("go"))
            .AddOrchestratorFunc<string, string>("Parent", (context, child) =>
                context.CallSubOrchestratorAsync<string>("Child", new SubOrchestrationOptions(instanceId: child))));
        await engine.RunAsync("Parent", "elder", "parent");
        await engine.IdleAsync();
        await engine.Client.TerminateInstanceAsync("parent");
        await engine.EndAsync("parent");

        await engine.RunAsync("Parent", "younger", "parent");
        await engine.IdleAsync();
        await engine.Client.RaiseEventAsync("elder", "go", "of the elder");
        await engine.EndAsync("elder");
        await engine.IdleAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await engine.GetAsync("parent")).RuntimeStatus);
        await engine.Client.TerminateInstanceAsync("parent", new TerminateInstanceOptions(Recursive: true));
        await engine.IdleAsync();
        await engine.Client.PurgeInstanceAsync("parent", new PurgeInstanceOptions(Recursive: true));

        Assert.Null(await engine.Client.GetInstanceAsync("younger"));
        Assert.Equal("of the elder", (await engine.GetAsync("elder")).ReadOutputAs<string>());
    }

    /// <summary>durabletask-go#27: SQLITE_BUSY as soon as there were several connections.</summary>
    [Fact]
    public async Task A_lock_of_another_connection_is_waited_for_and_nothing_is_lost()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc<int, int>("Double", (_, n) => n * 2)
            .AddOrchestratorFunc<int, int>("Call", (context, n) => context.CallActivityAsync<int>("Double", n)));
        using var foreign = new SqliteConnection($"Data Source={engine.StateFile};Pooling=False");
        foreign.Open();

        var runs = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            // One that reads and stays, then one that writes.
            Execute(round == 0 ? "BEGIN; SELECT COUNT(*) FROM Instances" : "BEGIN IMMEDIATE");
            var starts = Enumerable.Range(0, 10).Select(n => engine.RunAsync("Call", n)).ToList();
            if (round > 0)
                Assert.All(starts, start => Assert.False(start.IsCompleted));
            Execute("COMMIT");
            runs.AddRange(await Task.WhenAll(starts));
        }

        var sum = 0;
        foreach (var id in runs)
            sum += (await engine.EndAsync(id)).ReadOutputAs<int>();
        Assert.Equal(3 * 90, sum);

        void Execute(string sql)
        {
            using var command = foreign.CreateCommand();
#pragma warning disable CA2100 // Constants.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }

    public sealed class Warm() : KnownOperationBugTests(false);

    public sealed class Replayed() : KnownOperationBugTests(true);
}
