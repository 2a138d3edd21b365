using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Local.DurableTask.Tests.Sdk;

public sealed class PatternTests
{
    [Fact]
    public async Task A_sub_orchestration_can_be_waited_for_by_its_id_before_it_is_called()
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc("Child", _ => "called")
            .AddOrchestratorFunc("Parent", context => context.CallSubOrchestratorAsync<string>("Child", new SubOrchestrationOptions { InstanceId = "child" })));

        var child = host.EndAsync("child");
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Parent");

        Assert.Equal("called", (await child).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_orchestrator_that_returns_nothing_completes()
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks.AddOrchestratorFunc("Empty", _ => Task.FromResult<object?>(null)));

        var run = await host.RunAsync("Empty");

        Assert.Equal((OrchestrationRuntimeStatus.Completed, null), (run.RuntimeStatus, run.SerializedOutput));
    }

    [Fact]
    public async Task Tags_stay_with_an_orchestration_and_with_a_retried_sub_orchestration()
    {
        var failures = 0;
        var options = new SubOrchestrationOptions
        {
            InstanceId = "child",
            Tags = new Dictionary<string, string> { ["for"] = "child" },
            Retry = new RetryPolicy(2, TimeSpan.FromMilliseconds(1)),
        };
        await using var host = await SdkHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Child", (_, n) => failures++ == 0 ? throw new InvalidOperationException("once") : Task.FromResult(n))
            .AddOrchestratorFunc<int, int>("Parent", (context, n) => context.CallSubOrchestratorAsync<int>("Child", n + 1, options)));

        var run = await host.RunAsync("Parent", 1, new StartOrchestrationOptions { Tags = new Dictionary<string, string> { ["for"] = "parent" } });

        Assert.Equal((2, "parent"), (run.ReadOutputAs<int>(), run.Tags["for"]));
        Assert.Equal("child", (await host.EndAsync("child")).Tags["for"]);
    }

    [Fact]
    public async Task Ten_activities_in_a_row_and_ten_at_once()
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks
            .AddActivityFunc<int, int>("PlusOne", (_, n) => n + 1)
            .AddActivityFunc<object, string?>("Text", (_, n) => n.ToString())
            .AddOrchestratorFunc("Chain", async context =>
            {
                var value = 0;
                for (var i = 0; i < 10; i++)
                    value = await context.CallActivityAsync<int>("PlusOne", value);
                return value;
            })
            .AddOrchestratorFunc("Fan", async context =>
                (await Task.WhenAll(Enumerable.Range(0, 10).Select(n => context.CallActivityAsync<string>("Text", n)))).OrderDescending().ToArray()));

        Assert.Equal(10, (await host.RunAsync("Chain")).ReadOutputAs<int>());
        Assert.Equal("9876543210", string.Concat((await host.RunAsync("Fan")).ReadOutputAs<string[]>()!));
    }

    [Fact]
    public async Task The_time_moves_between_awaits_only_and_ids_never_repeat()
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks
            .AddActivityFunc<object, object>("Echo", (_, value) => value)
            .AddOrchestratorFunc("Look", async context =>
            {
                var (first, id, other) = (context.CurrentUtcDateTime, context.NewGuid(), context.NewGuid());
                var same = await context.CallActivityAsync<DateTime>("Echo", first) == first && await context.CallActivityAsync<Guid>("Echo", id) == id;
                return same && id != other && context.NewGuid() != id && context.CurrentUtcDateTime > first && first.Kind == DateTimeKind.Utc;
            }));

        Assert.True((await host.RunAsync("Look")).ReadOutputAs<bool>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_orchestrator_that_asks_whether_it_replays_sees_what_it_would_on_Azure(bool replayFromStart)
    {
        await using var host = await SdkHost.StartAsync(
            worker => worker.AddTasks(tasks => tasks.AddOrchestratorFunc("Look", async context =>
            {
                var seen = new List<bool> { context.IsReplaying };
                await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
                seen.Add(context.IsReplaying);
                await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
                seen.Add(context.IsReplaying);
                return seen;
            })),
            engine: options => options.ReplayFromStart = replayFromStart);

        Assert.Equal([true, true, false], (await host.RunAsync("Look")).ReadOutputAs<List<bool>>()!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replay_safe_logger_writes_each_line_once(bool replayFromStart)
    {
        await using var host = await SdkHost.StartAsync(
            worker => worker.AddTasks(tasks => tasks
                .AddActivityFunc<int, int>("Same", (_, n) => n)
                .AddOrchestratorFunc("Log", async context =>
                {
                    var logger = context.CreateReplaySafeLogger("Mine");
                    for (var i = 0; i < 3; i++)
                        Line(logger, await context.CallActivityAsync<int>("Same", i));
                })),
            engine: options => options.ReplayFromStart = replayFromStart);

        await host.RunAsync("Log");

        Assert.Equal(["0", "1", "2"], host.Logs.Of("Mine").Select(line => line.Text));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Events_are_taken_by_their_names(int count)
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks.AddOrchestratorFunc("Wait", async context =>
        {
            var taken = new List<int>();
            for (var i = 0; i < count; i++)
                taken.Add(await context.WaitForExternalEvent<int>($"Event{i}"));
            return taken;
        }));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await host.Client.WaitForInstanceStartAsync(id, CancellationToken.None);

        foreach (var i in Enumerable.Range(0, count).Reverse())
            await host.Client.RaiseEventAsync(id, $"EVENT{i}", i);

        Assert.Equal(Enumerable.Range(0, count), (await host.EndAsync(id)).ReadOutputAs<int[]>()!);
    }

    [Fact]
    public async Task Of_several_waits_for_one_name_the_latest_is_served_first()
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks.AddOrchestratorFunc("Wait", context =>
            Task.WhenAll(Enumerable.Range(0, 5).Select(_ => context.WaitForExternalEvent<int>("Event")))));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await host.Client.WaitForInstanceStartAsync(id);

        for (var i = 0; i < 5; i++)
            await host.Client.RaiseEventAsync(id, "Event", i);

        var run = await host.EndAsync(id);
        Assert.Equal([4, 3, 2, 1, 0], run.ReadOutputAs<int[]>()!);
    }

    [Theory]
    [InlineData("event", "Event: yes")]
    [InlineData("timeout", "TaskCanceledException")]
    [InlineData("cancel", "TaskCanceledException")]
    public async Task A_wait_with_a_limit_and_a_token_ends_by_what_comes_first(string winner, string expected)
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks.AddOrchestratorFunc<string, string>("Wait", async (context, first) =>
        {
            using var source = new CancellationTokenSource();
            var wait = context.WaitForExternalEvent<string>("Event", first == "timeout" ? TimeSpan.FromMilliseconds(20) : TimeSpan.FromDays(7), source.Token);
            try
            {
                if (first == "cancel")
                {
                    await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
#pragma warning disable CA1849 // Orchestrators cancel on their own thread.
                    source.Cancel();
#pragma warning restore CA1849
                }
                return $"Event: {await wait}";
            }
            catch (OperationCanceledException cancelled)
            {
                return cancelled.GetType().Name;
            }
        }));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", winner);
        await host.Client.WaitForInstanceStartAsync(id);

        if (winner == "event")
            await host.Client.RaiseEventAsync(id, "Event", "yes");

        Assert.Equal(expected, (await host.EndAsync(id)).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Events_outlive_continue_as_new(bool withTimers)
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks.AddOrchestratorFunc<int, int>("Count", async (context, counted) =>
        {
            await context.WaitForExternalEvent<string>("Event");
            counted++;
            if (withTimers)
                await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            if (counted < 10)
                context.ContinueAsNew(counted);
            return counted;
        }));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Count", 0);

        for (var i = 0; i < 10; i++)
            await host.Client.RaiseEventAsync(id, "Event");

        Assert.Equal(10, (await host.EndAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_termination_leaves_its_output()
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks.AddOrchestratorFunc("Sleep", context => context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None)));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Sleep");
        await host.Client.WaitForInstanceStartAsync(id);

        await host.Client.TerminateInstanceAsync(id, new { why = "enough" });
        var run = await host.EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, run.RuntimeStatus);
        Assert.Equal("enough", run.ReadOutputAs<JsonElement>().GetProperty("why").GetString());
    }

    [Fact]
    public async Task Orchestrations_nest_and_continue_as_new()
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Nest", async (context, depth) =>
                depth < 3 ? 5 + await context.CallSubOrchestratorAsync<int>("Nest", depth + 1) : 5)
            .AddOrchestratorFunc<int, int>("Count", async (context, n) =>
            {
                if (n < 10)
                {
                    await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
                    context.ContinueAsNew(n + 1);
                }
                return n;
            }));

        Assert.Equal(15, (await host.RunAsync("Nest", 1)).ReadOutputAs<int>());
        Assert.Equal(10, (await host.RunAsync("Count")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_custom_status_is_seen_while_it_runs_and_may_be_a_tuple()
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks.AddOrchestratorFunc("Tell", async context =>
        {
            context.SetCustomStatus("begun");
            context.SetCustomStatus(await context.WaitForExternalEvent<object>("Status"));
        }));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Tell");

        var begun = await host.Client.WaitForInstanceStartAsync(id, getInputsAndOutputs: true);
        await host.Client.RaiseEventAsync(id, "Status", ("Hello", 42));
        var ended = await host.EndAsync(id);

        Assert.Equal("begun", begun.ReadCustomStatusAs<string>());
        Assert.Equal(("Hello", 42), ended.ReadCustomStatusAs<(string, int)>());
    }

    [Fact]
    public async Task Json_nodes_and_pages_travel()
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks
            .AddActivityFunc<JsonNode, JsonNode?>("Add", (_, node) =>
            {
                node["added"] = true;
                return Task.FromResult<JsonNode?>(node);
            })
            .AddActivityFunc<string?, Page<string>>("Read", (_, token) => new Page<string>(["a", "b", "c"], token switch { null => "1", "1" => "2", _ => null }))
            .AddOrchestratorFunc<JsonNode, JsonNode>("Node", (context, node) => context.CallActivityAsync<JsonNode>("Add", node))
            .AddOrchestratorFunc("Pages", async context =>
            {
                var read = 0;
                await foreach (var item in Pageable.Create((token, _, _) => context.CallActivityAsync<Page<string>>("Read", token)))
                    read += item.Length;
                return read;
            }));

        var node = (await host.RunAsync("Node", new JsonObject { ["given"] = 1 })).ReadOutputAs<JsonNode>()!;

        Assert.Equal(("1", "true"), (node["given"]!.ToString(), node["added"]!.ToString()));
        Assert.Equal(9, (await host.RunAsync("Pages")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Failures_are_caught_by_their_types()
    {
        await using var host = await SdkHost.StartAsync(tasks => tasks
            .AddActivityFunc("Invalid", (TaskActivityContext _) => throw new InvalidOperationException("invalid"))
            .AddActivityFunc<string>("Argument", (TaskActivityContext _, string name) => throw new ArgumentNullException(nameof(name)))
            .AddOrchestratorFunc("Catch", async context =>
            {
                var caught = new List<string>();
                foreach (var name in new[] { "Invalid", "Argument" })
                {
                    try
                    {
                        await context.CallActivityAsync(name, "in");
                    }
                    catch (TaskFailedException failed) when (failed.FailureDetails.IsCausedBy<InvalidOperationException>())
                    {
                        caught.Add("invalid");
                    }
                    catch (TaskFailedException failed) when (failed.FailureDetails.IsCausedBy<ArgumentException>())
                    {
                        caught.Add("argument");
                    }
                }
                return caught;
            }));

        Assert.Equal(["invalid", "argument"], (await host.RunAsync("Catch")).ReadOutputAs<List<string>>()!);
    }

    private static void Line(ILogger logger, int n) =>
        logger.Log(LogLevel.Information, default, n, null, (state, _) => $"{state}");
}
