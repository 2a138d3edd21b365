using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Orchestrator.Local.DurableTask.Tests;

public sealed class QueryAndPurgeTests
{
    [Fact]
    public async Task Filters_choose_by_status_prefix_and_time()
    {
        await using var engine = await TestEngine.StartAsync(AddTasks);
        await engine.RunAsync("Echo", "x", "a-1");
        await engine.RunAsync("Wait", id: "a-2");
        engine.Clock.Advance(TimeSpan.FromHours(1));
        var later = engine.Clock.GetUtcNow();
        await engine.RunAsync("Wait", id: "b-1");
        await engine.IdleAsync();

        Assert.Equal(["a-2", "b-1"], await IdsAsync(engine, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running])));
        Assert.Equal(["a-1", "a-2"], await IdsAsync(engine, new OrchestrationQuery(InstanceIdPrefix: "a-")));
        Assert.Equal(["b-1"], await IdsAsync(engine, new OrchestrationQuery(CreatedFrom: later)));
        Assert.Equal(["a-1", "a-2"], await IdsAsync(engine, new OrchestrationQuery(CreatedTo: later.AddMinutes(-1))));
    }

    [Fact]
    public async Task Pages_follow_one_another_under_change()
    {
        await using var engine = await TestEngine.StartAsync(AddTasks);
        for (var n = 0; n < 25; n++)
            await engine.RunAsync("Wait", id: $"i{n:00}");

        var seen = new List<string>();
        await foreach (var page in engine.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 10)).AsPages())
        {
            seen.AddRange(page.Values.Select(run => run.InstanceId));
            await engine.Client.TerminateInstanceAsync(seen[^1]);
            await engine.EndAsync(seen[^1]);
        }

        Assert.Equal(Enumerable.Range(0, 25).Select(n => $"i{n:00}"), seen);
    }

    [Fact]
    public async Task Inputs_and_outputs_come_only_when_asked_for()
    {
        await using var engine = await TestEngine.StartAsync(AddTasks);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync(
            "Echo", "text", new StartOrchestrationOptions("one") { Tags = new Dictionary<string, string> { ["site"] = "shop" } });
        await engine.EndAsync("one");

        var bare = await engine.Client.GetInstanceAsync("one");
        var full = await engine.GetAsync("one");

        Assert.Null(bare!.SerializedInput);
        Assert.Throws<InvalidOperationException>(bare.ReadOutputAs<string>);
        Assert.Equal("text", full.ReadInputAs<string>());
        Assert.Equal("shop", full.Tags["site"]);
    }

    [Fact]
    public async Task Only_what_has_ended_is_purged()
    {
        await using var engine = await TestEngine.StartAsync(AddTasks);
        await engine.RunAsync("Wait", id: "running");
        await engine.RunAsync("Echo", "x", "ended");
        await engine.EndAsync("ended");

        Assert.Equal(0, (await engine.Client.PurgeInstanceAsync("running")).PurgedInstanceCount);
        Assert.Equal(1, (await engine.Client.PurgeInstanceAsync("ended")).PurgedInstanceCount);
        Assert.Equal(0, (await engine.Client.PurgeInstanceAsync("ended")).PurgedInstanceCount);
        Assert.Null(await engine.Client.GetInstanceAsync("ended"));
        Assert.Equal(0L, engine.Engine.Parts.Database.Read(sql => sql.Scalar("SELECT COUNT(*) FROM History WHERE InstanceKey = 2")));
    }

    [Fact]
    public async Task Sub_orchestrations_are_purged_when_they_are_to()
    {
        await using var engine = await TestEngine.StartAsync(AddTasks);
        var parent = await engine.RunToEndAsync("Parent");

        var purged = await engine.Client.PurgeInstanceAsync(parent.InstanceId, new PurgeInstanceOptions(Recursive: true));

        Assert.Equal(2, purged.PurgedInstanceCount);
        Assert.Null(await engine.Client.GetInstanceAsync("child"));
    }

    [Fact]
    public async Task A_purge_by_filter_leaves_the_rest()
    {
        await using var engine = await TestEngine.StartAsync(AddTasks);
        for (var n = 0; n < 500; n++)
            await engine.RunAsync("Echo", "x", $"e{n}");
        await engine.RunAsync("Wait", id: "running");
        await engine.IdleAsync();

        var all = await engine.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Completed]));

        Assert.Equal((500, true), (all.PurgedInstanceCount, all.IsComplete));
        Assert.Equal(["running"], await IdsAsync(engine, new OrchestrationQuery()));
    }

    private static void AddTasks(DurableTaskRegistry tasks) => tasks
        .AddOrchestratorFunc<string, string>("Echo", (_, text) => text)
        .AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("never"))
        .AddOrchestratorFunc("Parent", context => context.CallSubOrchestratorAsync("Echo", "x", new SubOrchestrationOptions(instanceId: "child")));

    private static async Task<List<string>> IdsAsync(TestEngine engine, OrchestrationQuery query)
    {
        var ids = new List<string>();
        await foreach (var run in engine.Client.GetAllInstancesAsync(query))
            ids.Add(run.InstanceId);
        return ids;
    }
}
