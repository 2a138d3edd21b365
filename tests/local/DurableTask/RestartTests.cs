using DurableTask.Core.History;
using Microsoft.DurableTask;
using Orchestrator.Local.DurableTask.Storage;

namespace Orchestrator.Local.DurableTask.Tests;

public abstract class RestartTests(bool replayFromStart) : EngineTests(replayFromStart)
{
    private static readonly StartOrchestrationOptions Options =
        new("one") { Version = "2.0", Tags = new Dictionary<string, string> { ["team"] = "shop" } };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_it_was_started_with_is_kept(bool newId)
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc<string, string>(
            "Run", (context, input) => $"{input} {context.Version}"));
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", "in", Options);
        await engine.EndAsync("one");
        engine.Clock.Advance(TimeSpan.FromMinutes(1));

        var id = await engine.Client.RestartAsync("one", newId);
        var run = await engine.EndAsync(id);

        Assert.Equal(!newId, id == "one");
        Assert.Equal("in 2.0", run.ReadOutputAs<string>());
        Assert.Equal("shop", run.Tags["team"]);
        Assert.Equal(engine.Clock.GetUtcNow(), run.CreatedAt);
        Assert.Single((await engine.Client.GetOrchestrationHistoryAsync(id)).OfType<ExecutionStartedEvent>());
    }

    [Fact]
    public async Task One_that_has_not_ended_keeps_its_id()
    {
        await using var engine = await StartAsync(tasks => tasks.AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<int>("go")));
        await engine.RunAsync("Wait", id: "one");
        await engine.IdleAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Client.RestartAsync("one"));
        var other = await engine.Client.RestartAsync("one", restartWithNewInstanceId: true);
        await engine.Client.RaiseEventAsync("one", "go", 1);
        await engine.Client.RaiseEventAsync(other, "go", 2);

        Assert.Equal(1, (await engine.EndAsync("one")).ReadOutputAs<int>());
        Assert.Equal(2, (await engine.EndAsync(other)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_missing_one_is_an_argument_error()
    {
        await using var engine = await StartAsync(_ => { });

        await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.RestartAsync("nobody"));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.RestartAsync("nobody", restartWithNewInstanceId: true));
    }

    [Theory]
    [InlineData(false, "first")]
    [InlineData(true, "second")]
    public async Task A_crash_leaves_the_old_run_or_the_new_one(bool committed, string expected)
    {
        var runs = new Queue<string>(["first", "second", "third"]);
        await using var engine = await StartAsync(tasks => tasks
            .AddActivityFunc("Next", _ => runs.Dequeue())
            .AddOrchestratorFunc("Run", context => context.CallActivityAsync<string>("Next")));
        await engine.RunAsync("Run", id: "one");
        await engine.EndAsync("one");
        await engine.IdleAsync();
        var stopped = engine.StopStoreAt(1, committed ? CommitFault.StopAfter : CommitFault.StopBefore);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.Client.RestartAsync("one"));
        await stopped;
        await engine.CrashAndRestartAsync();

        Assert.Equal(expected, (await engine.EndAsync("one")).ReadOutputAs<string>());
        engine.AssertNothingIsLeftOrDoubled();
    }

    public sealed class Warm() : RestartTests(false);

    public sealed class Replayed() : RestartTests(true);
}
