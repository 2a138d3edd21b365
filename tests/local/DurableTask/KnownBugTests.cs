using System.Text;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Orchestrator.Local.DurableTask.Storage;

using TaskFailedException = Microsoft.DurableTask.TaskFailedException;

namespace Orchestrator.Local.DurableTask.Tests;

/// <summary>The worst bugs that users of durable engines have reported, of messages, starts and limits; each test names where.</summary>
public abstract class KnownBugTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    private static readonly string TenMegabytes = new('x', 10_000_000);

    /// <summary>durable-extension#67, durabletask-dotnet#387: events that came while an instance continued as new were lost.</summary>
    [Fact]
    public async Task An_event_that_comes_while_an_instance_continues_as_new_is_taken_once_and_in_order()
    {
        TestEngine? engine = null;
        engine = await StartAsync(tasks => tasks
            .AddActivityFunc<int>("Raise", (context, next) => engine!.Client.RaiseEventAsync(context.InstanceId, "number", next))
            .AddOrchestratorFunc<List<int>, List<int>>("Collect", async (context, seen) =>
            {
                var number = await context.WaitForExternalEvent<int>("number");
                seen.Add(number);
                if (number >= 20)
                    return seen;
                var raised = context.CallActivityAsync("Raise", number + 2);
                context.ContinueAsNew(seen);
                await raised;
                return seen;
            }));
        await using var disposed = engine;

        var id = await engine.RunAsync("Collect", new List<int>());
        await engine.Client.RaiseEventAsync(id, "number", 1);
        await engine.Client.RaiseEventAsync(id, "number", 2);

        Assert.Equal(Enumerable.Range(1, 20), (await engine.EndAsync(id)).ReadOutputAs<List<int>>());
    }

    /// <summary>durabletask#720: an event to an instance that had not started yet was discarded.</summary>
    [Fact]
    public async Task An_event_to_an_instance_that_has_not_started_is_kept_through_a_kill()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("go")));
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("later", engine.Clock.GetUtcNow().AddDays(1)));
        await engine.Client.RaiseEventAsync("later", "go", "early");

        await engine.CrashAndRestartAsync();
        await engine.FireNextTimerAsync();

        Assert.Equal("early", (await engine.EndAsync("later")).ReadOutputAs<string>());
    }

    /// <summary>durabletask-dotnet#508: a wait that had been cancelled swallowed the next event. Here the end of the wait and the event come in one turn.</summary>
    [Fact]
    public async Task A_cancelled_wait_leaves_the_event_to_the_next_wait()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Wait", async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("go", TimeSpan.FromHours(1));
            }
            catch (OperationCanceledException)
            {
                return "second " + await context.WaitForExternalEvent<string>("go");
            }
        }));
        var id = await engine.RunAsync("Wait");
        await engine.IdleAsync();
        await engine.Client.SuspendInstanceAsync(id);
        await engine.FireNextTimerAsync();

        await engine.Client.RaiseEventAsync(id, "go", "wait");
        await engine.Client.ResumeInstanceAsync(id);

        Assert.Equal("second wait", (await engine.EndAsync(id)).ReadOutputAs<string>());
    }

    /// <summary>durable-extension#367: an id that was started twice was overwritten or half run twice.</summary>
    [Fact]
    public async Task A_hundred_starts_at_once_of_one_id_give_one_run_and_the_others_are_told()
    {
        var runs = 0;
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Count", _ => Interlocked.Increment(ref runs))
            .AddOrchestratorFunc("Wait", async context =>
            {
                await context.CallActivityAsync("Count");
                return await context.WaitForExternalEvent<string>("go");
            }));

        var starts = Enumerable.Range(0, 100).Select(_ => engine.RunAsync("Wait", id: "same")).ToList();
        await Task.WhenAll(starts.Select(start => start.ContinueWith(_ => { }, TaskScheduler.Default)));
        await engine.IdleAsync();

        Assert.Equal(1, starts.Count(start => start.IsCompletedSuccessfully));
        Assert.All(starts.Where(start => start.IsFaulted), start => Assert.IsType<global::DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException>(start.Exception!.InnerException));
        Assert.Equal(1, runs);
    }

    /// <summary>durable-extension#367, as the SDK has it: an id whose instance is in a dedupe status is refused, in any other it is replaced.</summary>
    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Completed, true)]
    [InlineData(OrchestrationRuntimeStatus.Failed, false)]
    public async Task A_hundred_starts_at_once_of_a_used_id_obey_the_dedupe_statuses(OrchestrationRuntimeStatus dedupe, bool refused)
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<string, string>("Echo", (_, text) => text)
            .AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("go")));
        await engine.RunAsync("Echo", "first", "same");
        await engine.EndAsync("same");

        var options = new StartOrchestrationOptions("same").WithDedupeStatuses(dedupe, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running);
        var starts = Enumerable.Range(0, 100).Select(_ => engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", null, options)).ToList();
        await Task.WhenAll(starts.Select(start => start.ContinueWith(_ => { }, TaskScheduler.Default)));

        Assert.Equal(refused ? 0 : 1, starts.Count(start => start.IsCompletedSuccessfully));
        Assert.Equal(refused ? "Echo" : "Wait", (await engine.GetAsync("same")).Name);
    }

    /// <summary>durable-extension#1380: of a start and a termination in one batch both were dropped.</summary>
    [Fact]
    public async Task A_start_and_a_termination_in_one_transaction_both_count()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("never")));
        using var hold = new ManualResetEventSlim();
        // What is handed in while the store is held goes into its next transaction together.
        var holding = engine.Engine.Parts.Commits.WriteAsync(_ =>
        {
            hold.Wait();
            return true;
        });

        var started = engine.RunAsync("Wait", id: "both");
        var terminated = engine.Client.TerminateInstanceAsync("both", "stopped");
        hold.Set();
        await Task.WhenAll(holding, started, terminated);

        var run = await engine.EndAsync("both");
        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "stopped"), (run.RuntimeStatus, run.ReadOutputAs<string>()));
    }

    /// <summary>durable-extension#502: an exception text over 64 KB hung the instance.</summary>
    [Theory]
    [InlineData("activity")]
    [InlineData("sub-orchestration")]
    [InlineData("orchestrator")]
    public async Task An_exception_text_over_64_kilobytes_arrives_whole(string thrower)
    {
        var text = new StringBuilder().Insert(0, "0123456789abcdef", 64 * 1024).ToString();
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Throw", _ => throw new InvalidOperationException(text))
            .AddOrchestratorFunc("ThrowToo", _ => throw new InvalidOperationException(text))
            .AddOrchestratorFunc("Run", async context =>
            {
                try
                {
                    await (thrower switch
                    {
                        "activity" => context.CallActivityAsync("Throw"),
                        "sub-orchestration" => context.CallSubOrchestratorAsync("ThrowToo"),
                        _ => throw new InvalidOperationException(text),
                    });
                    return "no failure";
                }
                catch (TaskFailedException failure)
                {
                    return failure.FailureDetails.ErrorMessage;
                }
            }));

        var run = await engine.RunToEndAsync("Run");

        Assert.Equal(text, thrower == "orchestrator" ? run.FailureDetails!.ErrorMessage : run.ReadOutputAs<string>());
    }

    /// <summary>durable-extension#2831: payloads over 4 MB could not be read.</summary>
    [Fact]
    public async Task Payloads_of_ten_megabytes_pass_everywhere()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc<string, string>("Echo", (_, text) => text)
            .AddOrchestratorFunc<string, string>("Child", (_, text) => text)
            .AddOrchestratorFunc<string, string>("Carry", async (context, text) =>
            {
                var carried = await context.WaitForExternalEvent<string>("big");
                carried = await context.CallActivityAsync<string>("Echo", carried);
                carried = await context.CallSubOrchestratorAsync<string>("Child", carried);
                context.SetCustomStatus(carried);
                Assert.Equal(text, carried);
                return carried;
            }));

        var id = await engine.RunAsync("Carry", TenMegabytes);
        await engine.IdleAsync();
        await engine.CrashAndRestartAsync();
        await engine.Client.RaiseEventAsync(id, "big", TenMegabytes);

        var run = await engine.EndAsync(id);
        Assert.Equal(TenMegabytes, run.ReadInputAs<string>());
        Assert.Equal(TenMegabytes, run.ReadCustomStatusAs<string>());
        Assert.Equal(TenMegabytes, run.ReadOutputAs<string>());
    }

    /// <summary>durable-extension#2831: what comes after a large input is not hurt by it.</summary>
    [Fact]
    public async Task An_instance_with_a_large_input_takes_many_turns()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc<int, int>("Next", (_, n) => n + 1)
            .AddOrchestratorFunc<string, int>("Count", async (context, text) =>
            {
                var n = 0;
                while (n < 20)
                    n = await context.CallActivityAsync<int>("Next", n);
                return n + text.Length;
            }));

        var run = await engine.RunToEndAsync("Count", TenMegabytes);

        Assert.Equal(20 + TenMegabytes.Length, run.ReadOutputAs<int>());
        Assert.Equal(TenMegabytes, run.ReadInputAs<string>());
    }

    /// <summary>durable-extension#14: a timer of more than six days never fired.</summary>
    [Theory]
    [InlineData(6.5)]
    [InlineData(400)]
    public async Task A_long_timer_fires_at_its_time_also_when_the_engine_was_started_again(double days)
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Sleep", async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(days), CancellationToken.None);
            return context.CurrentUtcDateTime;
        }));
        var due = engine.Clock.GetUtcNow().AddDays(days);
        var id = await engine.RunAsync("Sleep");
        await engine.IdleAsync();

        engine.Clock.Advance(TimeSpan.FromDays(days / 2));
        await engine.CrashAndRestartAsync();
        engine.Clock.Advance(TimeSpan.FromDays(days / 2) - TimeSpan.FromSeconds(1));
        await engine.IdleAsync();
        Assert.False((await engine.GetAsync(id)).IsCompleted);
        engine.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(due.UtcDateTime, (await engine.EndAsync(id)).ReadOutputAs<DateTime>());
    }

    /// <summary>durabletask-go#137: the lock of a long activity was not renewed, so that it was delivered again while it ran.</summary>
    [Fact]
    public async Task An_activity_that_runs_for_days_is_delivered_once()
    {
        var deliveries = 0;
        var release = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Long", async _ =>
            {
                Interlocked.Increment(ref deliveries);
                begun.TrySetResult();
                await release.Task;
            })
            .AddOrchestratorFunc("Call", context => context.CallActivityAsync("Long")));

        var id = await engine.RunAsync("Call");
        await begun.Task;
        for (var hour = 0; hour < 72; hour++)
            engine.Clock.Advance(TimeSpan.FromHours(1));
        release.SetResult();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await engine.EndAsync(id)).RuntimeStatus);
        await engine.IdleAsync();
        Assert.Equal(1, deliveries);
    }

    /// <summary>durabletask#561: a crash between the writes of history and status left an instance finished, but Running for ever.</summary>
    [Theory]
    [InlineData(nameof(CommitFault.StopBefore))]
    [InlineData(nameof(CommitFault.StopAfter))]
    public async Task History_and_status_never_disagree_wherever_the_store_stops(string fault)
    {
        for (var (at, crashed) = (1, true); crashed; at++)
        {
            await using var engine = await StartAsync(
                tasks => tasks
                    .AddActivityFunc("Work", _ => "done")
                    .AddOrchestratorFunc("Run", context => context.CallActivityAsync<string>("Work")),
                options => options.MaxDeliveries = 1000);
            var stopped = engine.StopStoreAt(at, Enum.Parse<CommitFault>(fault));
            var started = engine.RunAsync("Run", id: "run");
            await Task.WhenAny(stopped, EndedAsync(engine, started));
            crashed = stopped.IsCompleted;
            engine.KeepStoreRunning();

            if (crashed)
            {
                await engine.CrashAndRestartAsync();
                if (await engine.Client.GetInstanceAsync("run") is null)
                    await engine.RunAsync("Run", id: "run");
            }

            Assert.Equal("done", (await engine.EndAsync("run")).ReadOutputAs<string>());
            await engine.IdleAsync();
            engine.AssertNothingIsLeftOrDoubled();
            Assert.Equal(1L, engine.Engine.Parts.Database.Read(sql => sql.Scalar("SELECT COUNT(*) FROM History WHERE Kind = 1")));
        }

        static async Task EndedAsync(TestEngine engine, Task started)
        {
            await started;
            await engine.EndAsync("run");
        }
    }

    public sealed class Warm() : KnownBugTests(false);

    public sealed class Replayed() : KnownBugTests(true);
}
